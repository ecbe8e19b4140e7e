using System.Diagnostics;
using System.Text.Json;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Faults;

/// <summary>
/// A single request does not wait for a folder, in both hosts. Only the order is checked here; <c>bench/fair-share</c> measures the time.
/// </summary>
[Collection(PublishedAppTests.Name)]
public sealed class FairShareTests(Azurite azurite, PublishedApp published, ITestOutputHelper output)
{
    /// <summary>The number of queued images if <c>bench/fair-share</c> measures; otherwise null.</summary>
    private static readonly int? s_measured = int.TryParse(Environment.GetEnvironmentVariable("IMAGERESIZE_FAIR_SHARE"), out var images)
        ? images : null;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_single_request_is_processed_before_a_queued_folder(bool underHost)
    {
        using var rig = new FaultRig(azurite.ConnectionString, published);
        List<byte[]> photos = [.. Enumerable.Range(0, 20).Select(seed => Photos.Make(seed, 1920, 1080))];

        // Images take so long that most are still queued when a busy machine processes the single one.
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

        // The batch has no count of queued jobs while it is being listed.
        var waiting = images - (await FaultRig.FindBatchAsync(app, batch))!.Counts.Succeeded;

        output.WriteLine(
            $"A single request {(underHost ? "under the host's double" : "standalone")}: idle {idle:0} ms, " +
            $"with a folder queued {busy:0} ms ({busy / idle:0.0} times); {waiting} images were still queued");
        Assert.True(waiting > 0);
    }

    private static async Task<double> MedianAsync(IRestartedApp app)
    {
        var times = new List<double>();
        for (var i = 0; i < (s_measured is null ? 1 : 9); i++)
        {
            times.Add(await TimeAsync(app));
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    /// <summary>Milliseconds from the request to the result.</summary>
    private static async Task<double> TimeAsync(IRestartedApp app)
    {
        var started = Stopwatch.GetTimestamp();
        var (_, asked) = await app.SendAsync(HttpMethod.Post, "/imageapi?imagePath=one.jpg");
        var id = JsonDocument.Parse(asked).RootElement.GetProperty("jobId").GetString();
        await Eventually.Async(async () =>
            (await app.SendAsync(HttpMethod.Get, $"/v1/jobs/{id}?wait=20")).Body.Contains("\"succeeded\"", StringComparison.Ordinal)
                ? "succeeded" : null);

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
