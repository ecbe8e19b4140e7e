using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Azure.Storage.Queues;
using ImageResize.Tests.Faults;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>The Functions host processes folders and many messages. <c>bench/run host</c> measures its cost.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class HostCostTests(Azurite azurite, PublishedApp published, ITestOutputHelper output)
{
    /// <summary>A folder of HD photos, when <c>bench/run host</c> measures.</summary>
    private static readonly string? s_photos = Environment.GetEnvironmentVariable("IMAGERESIZE_HOST_PHOTOS");

    private readonly string _name = Azurite.UniquePrefix();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_of_photos_is_completed_under_the_host()
    {
        using var images = new TemporaryFolder();
        var photos = s_photos is null ? [Photos.Make(1), Photos.Make(2)]
            : Directory.GetFiles(s_photos, "*.jpg").Take(500).Select(File.ReadAllBytes).ToList();
        for (var i = 0; i < photos.Count; i++)
        {
            images.Write($"photos/{i:D3}.jpg", photos[i]);
        }

        await using var host = await StartAsync(images);
        var cost = await MeasureAsync(host, async () =>
        {
            var (_, submitted) = await host.SendAsync(HttpMethod.Post, "/imageapi?imagePath=photos");
            var batch = JsonDocument.Parse(submitted).RootElement.GetProperty("batchId").GetString();
            await Eventually.Async(async () =>
                (await host.SendAsync(HttpMethod.Get, $"/v1/batches/{batch}")).Body.Contains("\"completed\"", StringComparison.Ordinal));
        });

        output.WriteLine($"photos {photos.Count}: {cost}");
        Assert.Equal(photos.Count, Directory.GetFiles(images["resized/photos"]).Length);
    }

    [Fact]
    public async Task Many_small_messages_are_handled_under_the_host()
    {
        using var images = new TemporaryFolder();
        await using var host = await StartAsync(images);
        var queue = new QueueClient(azurite.ConnectionString, _name);
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);
        await HandleAsync(queue, s_photos is null ? 10 : 500);

        var messages = s_photos is null ? 40 : 2_000;
        var cost = await MeasureAsync(host, () => HandleAsync(queue, messages));

        output.WriteLine($"messages {messages}: {cost}");
        Assert.Equal(0, host.WorkerExits);
    }

    /// <summary>Sends messages of unknown jobs, which are dropped, and waits until all are.</summary>
    private static async Task HandleAsync(QueueClient queue, int count)
    {
        var body = Convert.ToBase64String("{}"u8);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), Token, async (_, token) => await queue.SendMessageAsync(body, token));
        await Eventually.Async(async () => (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount == 0);
    }

    private static async Task<string> MeasureAsync(FunctionsHostDouble host, Func<Task> work)
    {
        using var worker = Process.GetProcessById(host.WorkerId);
        var (started, cpu) = (Stopwatch.GetTimestamp(), worker.TotalProcessorTime);
        await work();
        worker.Refresh();

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms, " +
            $"{(worker.TotalProcessorTime - cpu).TotalMilliseconds:0} ms of the worker's CPU, {worker.PeakWorkingSet64 / 1e6:0} MB");
    }

    private Task<FunctionsHostDouble> StartAsync(TemporaryFolder images) => published.StartAsync(
        new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["ImageResize__Sources__ImagesRoot"] = images.Path,
            ["ImageResize__Storage__TablePrefix"] = _name,
            ["ImageResize__Storage__WorkQueue"] = _name,
        },
        new HostSetup { WorkQueue = _name });
}
