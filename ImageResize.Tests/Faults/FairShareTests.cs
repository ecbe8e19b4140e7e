using System.Diagnostics;
using System.Text.Json;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Faults;

/// <summary>
/// A single request does not wait for a folder, in both hosts. Here only their order is looked at; <c>bench/fair-share</c> times them.
/// </summary>
[Collection(PublishedAppTests.Name)]
public sealed class FairShareTests(Azurite azurite, PublishedApp published, ITestOutputHelper output)
{
    /// <summary>How many images wait, when <c>bench/fair-share</c> measures.</summary>
    private static readonly int? s_measured = int.TryParse(Environment.GetEnvironmentVariable("IMAGERESIZE_FAIR_SHARE"), out var images)
        ? images : null;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_single_request_overtakes_a_folder_that_waits(bool underHost)
    {
        using var rig = new FaultRig(azurite.ConnectionString, published);
        List<byte[]> photos = [.. Enumerable.Range(0, 20).Select(seed => Photos.Make(seed, 1920, 1080))];

        // Each takes so long that most of them still wait when a busy machine comes to the single one.
        List<byte[]> many = s_measured is null ? [TestImages.Png(5_000, 4_000)] : photos;
        var images = s_measured ?? 200;
        for (var i = 0; i < images; i++)
        {
            rig.Images.Write($"many/{i:D5}.jpg", many[i % many.Count]);
        }

        rig.Images.Write("one.jpg", photos[0]);
        await using var app = await rig.StartAsync(underHost);
        await TimeAsync(app);
        var idle = await MedianAsync(app);

        var batch = await FaultRig.SubmitFolderAsync(app, "many");
        await Eventually.Async(() => Directory.Exists(rig.Images["resized/many"]));
        var busy = await MedianAsync(app);

        // While a large folder is still being listed, the batch cannot say how many wait.
        var waiting = images - (await FaultRig.FindBatchAsync(app, batch))!.Counts.Succeeded;

        output.WriteLine(
            $"A single request {(underHost ? "under the host's double" : "standalone")}: idle {idle:0} ms, " +
            $"with a folder queued {busy:0} ms ({busy / idle:0.0} times); {waiting} images were still queued");
        Assert.True(waiting > 0);
    }

    private static async Task<double> MedianAsync(IKeptApp app)
    {
        var times = new List<double>();
        for (var i = 0; i < (s_measured is null ? 1 : 9); i++)
        {
            times.Add(await TimeAsync(app));
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    /// <summary>Milliseconds from asking to the result.</summary>
    private static async Task<double> TimeAsync(IKeptApp app)
    {
        var started = Stopwatch.GetTimestamp();
        var (_, asked) = await app.SendAsync(HttpMethod.Post, "/imageapi?imagePath=one.jpg");
        var id = JsonDocument.Parse(asked).RootElement.GetProperty("jobId").GetString();
        await Eventually.Async(async () =>
            (await app.SendAsync(HttpMethod.Get, $"/v1/jobs/{id}?wait=20")).Body.Contains("\"succeeded\"", StringComparison.Ordinal)
                ? "so" : null);

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
