using System.Diagnostics;
using System.Security.Cryptography;
using ImageResize.Core.Batches;
using ImageResize.Functions.Http.Batches;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Faults;

/// <summary>
/// The program is killed at random moments during a batch. <c>bench/kills</c> runs the same test with 1,000 images, 10 kills and the
/// lease of production.
/// </summary>
[Collection(PublishedAppTests.Name)]
public sealed class KillTests(PublishedApp published, ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "30")]
    [Fact]
    public Task Kills_at_random_moments_lose_and_duplicate_no_result_standalone() => RunAsync(underHost: false);

    [Trait("Abuse", "30")]
    [Fact]
    public Task Kills_at_random_moments_lose_and_duplicate_no_result_under_the_host() => RunAsync(underHost: true);

    private async Task RunAsync(bool underHost)
    {
        var plan = KillPlan.Read();
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        using var rig = new FaultRig(azurite.ConnectionString, published) { Lease = plan.Lease };
        for (var i = 0; i < plan.Images; i++)
        {
            var photo = Photos.Make(i);
            rig.Images.Write($"undisturbed/{i:D4}.jpg", photo);
            rig.Images.Write($"killed/{i:D4}.jpg", photo);
        }

        await using var app = await rig.StartAsync(underHost);
        await EndOfAsync(app, await FaultRig.SubmitFolderAsync(app, "undisturbed"));
        var batch = await FaultRig.SubmitFolderAsync(app, "killed");
        await KillAsync(app, plan, () => Thumbnails(rig, "killed").Count());
        var lastKill = Stopwatch.GetTimestamp();
        var ended = await EndOfAsync(app, batch);
        var took = Stopwatch.GetElapsedTime(lastKill);

        output.WriteLine(
            $"{plan}: {app.Exits} exits, {ended.Counts.Succeeded} succeeded, {ended.Counts.Failed} failed, " +
            $"done {took.TotalSeconds:0.0} s after the last kill");
        Assert.Equal((plan.Images, 0), (ended.Counts.Succeeded, ended.Counts.Failed));
        Assert.Equal(Hashes(rig, "undisturbed"), Hashes(rig, "killed"));
        Assert.Equal(plan.Images, await rig.CountResultsAsync(batch));
        Assert.True(!plan.IsTimed || took < plan.Lease * 2, $"Two leases are {plan.Lease * 2}.");
    }

    private static async Task KillAsync(IRestartedApp app, KillPlan plan, Func<int> finished)
    {
        var random = new Random(plan.Seed);
        var moments = Enumerable.Range(0, plan.Kills).Select(_ => random.Next(plan.Images * 9 / 10)).Order();
        foreach (var moment in moments)
        {
            await Eventually.Async(() => Task.FromResult(finished() >= moment ? "finished" : null), TimeSpan.FromMinutes(5));
            await Task.Delay(random.Next(300), Token);
            await app.KillAsync();
        }
    }

    private static Task<BatchReply> EndOfAsync(IRestartedApp app, string batch) => Eventually.Async(
        async () => await FaultRig.FindBatchAsync(app, batch) is { State: BatchState.Completed } ended ? ended : null,
        TimeSpan.FromMinutes(5));

    private static IEnumerable<string> Thumbnails(FaultRig rig, string folder) => Directory.Exists(rig.Images[$"resized/{folder}"])
        ? Directory.EnumerateFiles(rig.Images[$"resized/{folder}"])
        : [];

    private static List<(string, string)> Hashes(FaultRig rig, string folder) =>
    [
        .. Thumbnails(rig, folder).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))),
    ];
}
