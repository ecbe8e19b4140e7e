using System.Text.Json;
using ImageResize.Core.Batches;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Faults;

/// <summary>The program is killed between a batch's last result and its callback, at a request to storage, which never arrives.</summary>
public sealed class CrashBeforeCallbackTests(Azurite azurite)
{
    [Theory]
    [InlineData("the content of the callback is written")]
    [InlineData("the end is written")]
    [InlineData("the callback's message is sent")]
    public async Task A_crash_between_the_last_result_and_the_callback_does_not_lose_the_callback(string step)
    {
        await using var receiver = new StubServer().Answer("/", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        await using var run = await CrashRun.StartAsync(azurite, receiver.Place);
        run.Images.Write("a.png", CrashRun.SmallImage);
        var crash = step switch
        {
            "the content of the callback is written" => run.Table.KillAt(request => IsAdded(request, "callback"), run.App.KillAsync),
            "the end is written" => run.Table.KillAt(request => IsAdded(request, "ended"), run.App.KillAsync),
            _ => run.Queue.KillAt(request => run.IsBulkPut(request), run.App.KillAsync, occurrence: 1 + (30 / SliceSizes.For(30))),
        };

        await run.SubmitAsync(string.Join('\n', Enumerable.Repeat(CrashRun.Measure("a.png"), 30)), "?callback=http://receiver.example/");
        await crash;

        await run.AssertEndedAsync(30);
        await Eventually.Async(() => !receiver.Bodies.IsEmpty);

        // The same callback may arrive twice if the machine stalls for longer than the short lease.
        Assert.Equal(
            """{"succeeded":30,"failed":0,"canceled":0}""",
            JsonDocument.Parse(Assert.Single(receiver.Bodies.Distinct())).RootElement.GetProperty("data")
                .GetProperty("counts").GetRawText());
    }

    private static bool IsAdded(string request, string key) =>
        request.StartsWith("POST ", StringComparison.Ordinal) && request.Contains($"\"RowKey\":\"{key}\"", StringComparison.Ordinal);
}
