using System.Text.Json;
using ImageResize.Core.Batches;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Faults;

/// <summary>kill -9 between a batch's last result and its callback: at one request to storage, which then never arrives.</summary>
public sealed class EndDeathTests(Azurite azurite)
{
    [Theory]
    [InlineData("what the callback says is written")]
    [InlineData("the end is written")]
    [InlineData("the callback's message is put")]
    public async Task Between_the_last_result_and_the_callback_before(string moment)
    {
        await using var receiver = new StubServer().Answer("/", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        await using var run = await DeathRun.StartAsync(azurite, receiver.Place);
        run.Images.Write("a.png", DeathRun.Picture);
        var death = moment switch
        {
            "what the callback says is written" => run.Table.KillAt(request => IsAdded(request, "callback"), run.App.KillAsync),
            "the end is written" => run.Table.KillAt(request => IsAdded(request, "ended"), run.App.KillAsync),
            _ => run.Queue.KillAt(request => run.IsBulkPut(request), run.App.KillAsync, occurrence: 1 + (30 / SliceSizes.For(30))),
        };

        await run.SubmitAsync(string.Join('\n', Enumerable.Repeat(DeathRun.Measure("a.png"), 30)), "?callback=http://receiver.example/");
        await death;

        await run.AssertEndedAsync(30);
        await Eventually.Async(() => !receiver.Bodies.IsEmpty);

        // The same may come twice, where a machine stalls for longer than the short lease; it is one thing that is told.
        Assert.Equal(
            """{"succeeded":30,"failed":0,"canceled":0}""",
            JsonDocument.Parse(Assert.Single(receiver.Bodies.Distinct())).RootElement.GetProperty("data")
                .GetProperty("counts").GetRawText());
    }

    private static bool IsAdded(string request, string key) =>
        request.StartsWith("POST ", StringComparison.Ordinal) && request.Contains($"\"RowKey\":\"{key}\"", StringComparison.Ordinal);
}
