using System.Text.Json;
using ImageResize.Core.Batches;
using ImageResize.FaultyApp;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Faults;

/// <summary>The program's clock jumps while it runs, to a time before or after that of the tables.</summary>
public sealed class ClockTests(Azurite azurite)
{
    private const int Jobs = 200;

    [Trait("Abuse", "28")]
    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task A_clock_that_jumps_during_a_batch_loses_and_duplicates_no_result(int minutes)
    {
        using var time = new TemporaryFolder();
        using var rig = new FaultRig(azurite.ConnectionString) { More = { [FaultyProgram.ClockFile] = time["minutes"] } };
        for (var i = 0; i < Jobs; i++)
        {
            rig.Images.Write($"many/{i:D3}.jpg", Photos.Make(i));
        }

        rig.Images.Write("one.jpg", Photos.Make(0));
        await using var app = await rig.StartStandaloneAsync();
        var before = await SubmitAsync(app);
        var batch = await FaultRig.SubmitFolderAsync(app, "many");
        await Eventually.Async(() => Directory.Exists(rig.Images["resized/many"]));
        File.Move(time.Write("next", System.Text.Encoding.ASCII.GetBytes($"{minutes}")), time["minutes"]);
        var after = await SubmitAsync(app);
        var ended = await Eventually.Async(
            async () => await FaultRig.FindBatchAsync(app, batch) is { State: BatchState.Completed } over ? over : null);

        Assert.Equal((Jobs, 0, 0), (ended.Counts.Succeeded, ended.Counts.Failed, ended.Counts.Canceled));
        Assert.Equal(Jobs, await rig.CountResultsAsync(batch));
        Assert.Equal(Jobs, Directory.GetFiles(rig.Images["resized/many"]).Length);
        await AssertSucceedsAsync(app, before);
        await AssertSucceedsAsync(app, after);
    }

    private static async Task<string> SubmitAsync(StandaloneApp app)
    {
        var (_, body) = await app.SendAsync(HttpMethod.Post, "/imageapi?imagePath=one.jpg");

        return JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
    }

    private static Task<string> AssertSucceedsAsync(StandaloneApp app, string job) => Eventually.Async(async () =>
        (await app.SendAsync(HttpMethod.Get, $"/result?jobId={job}")).Body.Contains("\"Resize\":true", StringComparison.Ordinal)
            ? "succeeded" : null);
}
