using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Faults;

/// <summary>Two instances of the program with the same storage.</summary>
public sealed class TwoInstancesTests(Azurite azurite)
{
    private const int Jobs = 60;

    [Fact]
    public async Task Two_instances_that_watch_one_batch_queue_its_lost_slices_again_and_each_job_has_one_result()
    {
        using var rig = new FaultRig(azurite.ConnectionString) { Lease = TimeSpan.FromSeconds(2) };
        for (var i = 0; i < Jobs; i++)
        {
            rig.Images.Write($"many/{i:D3}.png", TestImages.Png(4, 4));
        }

        var batch = await SubmitAsync(rig);
        await rig.LoseMessagesAsync();
        await using var one = await rig.StartStandaloneAsync();
        await using var other = await rig.StartStandaloneAsync();

        // More messages than one instance receives at once.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => rig.PutAsync(new WatchMessage(batch))));
        var ended = await Eventually.Async(
            async () => await FaultRig.FindBatchAsync(one, batch.ToString()) is { State: BatchState.Completed } over ? over : null);

        Assert.Equal((Jobs, 0, 0), (ended.Counts.Succeeded, ended.Counts.Failed, ended.Counts.Canceled));
        Assert.Equal(Jobs, await rig.CountResultsAsync(batch.ToString()));
        Assert.Equal(Jobs, Directory.GetFiles(rig.Images["resized/many"]).Length);
        await Eventually.Async(
            () => (one.Output + other.Output).Contains("idle slices again", StringComparison.Ordinal));
        await Eventually.Async(() => Ends() > 0);
        Assert.Equal(1, Ends());
        int Ends() => (one.Output + other.Output).Split($"Batch {batch} has ended").Length - 1;
    }

    /// <summary>Submits the folder to an instance without queue listeners.</summary>
    private static async Task<BatchId> SubmitAsync(FaultRig rig)
    {
        rig.More["ImageResize__Role"] = "Api";
        await using var api = await rig.StartStandaloneAsync();
        Assert.True(BatchId.TryParse(await FaultRig.SubmitFolderAsync(api, "many"), out var batch));
        rig.More.Remove("ImageResize__Role");

        return batch;
    }
}
