using ImageResize.Core.Batches;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Faults;

[Collection(PublishedAppTests.Name)]
public sealed class StopTests(Azurite azurite, PublishedApp published)
{
    [Trait("Abuse", "30")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_program_that_is_stopped_returns_its_messages_and_the_next_one_continues_at_once(bool hasOpenRequests)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot send a signal to a single process.");

        // Longer than the test: only messages that were returned are processed in time.
        using var rig = new FaultRig(azurite.ConnectionString, published) { Lease = TimeSpan.FromMinutes(10) };
        for (var i = 0; i < 300; i++)
        {
            rig.Images.Write($"many/{i:D3}.jpg", Photos.Make(i));
        }

        string batch;
        await using (var first = await rig.StartStandaloneAsync())
        {
            batch = await FaultRig.SubmitFolderAsync(first, "many");
            var open = hasOpenRequests
                ? new[] { $"/v1/batches/{batch}/events", $"/v1/jobs/{batch}-299?wait=60" }
                    .Select(address => first.Client.GetStringAsync(address, TestContext.Current.CancellationToken)).ToList()
                : [];
            await Eventually.Async(() => Directory.Exists(rig.Images["resized/many"]));
            await first.StopAsync();
            Assert.All(await Task.WhenAll(open), answer => Assert.Contains("queued", answer, StringComparison.Ordinal));
            Assert.Equal(0, first.LastExitCode);
        }

        await using var second = await rig.StartStandaloneAsync();
        var ended = await Eventually.Async(
            async () => await FaultRig.FindBatchAsync(second, batch) is { State: BatchState.Completed } over ? over : null);

        Assert.Equal((300, 0), (ended.Counts.Succeeded, ended.Counts.Failed));
    }
}
