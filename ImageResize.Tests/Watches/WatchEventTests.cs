using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Watches;

/// <summary>Containers whose new blobs are announced by events in a queue.</summary>
public sealed class WatchEventTests(Azurite azurite)
{
    private readonly string _photos = Azurite.UniquePrefix();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BlobContainerClient Container => new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(_photos);

    [Fact]
    public async Task An_announced_image_is_processed_once_however_often_it_is_announced()
    {
        await using var app = await StartAsync();
        var image = await WriteAsync("in/a.jpg");

        await SendAsync(app, image, image);
        await WaitAsync(app, found: 1);
        await SendAsync(app, image);
        await SendAsync(app, await WriteAsync("in/b.jpg"));

        await WaitAsync(app, found: 2);
        Assert.Equal(2, await CountThumbnailsAsync());
    }

    [Fact]
    public async Task An_overwritten_image_is_announced_with_another_etag_and_processed_again()
    {
        await using var app = await StartAsync();
        await SendAsync(app, await WriteAsync("in/a.jpg"));
        await WaitAsync(app, found: 1);

        await SendAsync(app, await WriteAsync("in/a.jpg"));

        await WaitAsync(app, found: 2);
    }

    [Fact]
    public async Task Blobs_that_are_not_announced_are_not_looked_for()
    {
        await using var app = await StartAsync();
        await WriteAsync("in/quiet.jpg");

        await SendAsync(app, await WriteAsync("in/a.jpg"));

        await WaitAsync(app, found: 1);
    }

    [Fact]
    public async Task Events_that_do_not_concern_the_watch_are_deleted()
    {
        await using var app = await StartAsync();
        var inside = await WriteAsync("in/a.jpg");

        await SendAsync(
            app,
            "no event",
            inside.Replace("BlobCreated", "BlobDeleted", StringComparison.Ordinal),
            inside.Replace(_photos, "some-other-container", StringComparison.Ordinal),
            inside.Replace("in/a.jpg", "in/../secret.jpg", StringComparison.Ordinal),
            await WriteAsync("out/b.jpg"),
            await WriteAsync("in/deep/b.jpg"),
            await WriteAsync("in/notes.txt", "text/plain"),
            await WriteAsync("resized/in/a.jpg"));
        await SendAsync(app, await WriteAsync("in/last.jpg"));

        await WaitAsync(app, found: 1);
        var queue = QueueOf(app);
        await Eventually.Async(async () => (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount == 0);
    }

    [Fact]
    public async Task Many_events_become_few_batches()
    {
        await using var app = await StartAsync("--ImageResize:Role=Api");
        var events = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            events.Add(await WriteAsync($"in/{i}.jpg"));
        }

        await SendAsync(app, [.. events]);
        await app.Services.GetRequiredService<Core.Watches.Events.WatchEvents>().ProcessAllAsync(Token);

        var watch = await ReadAsync(app);
        Assert.Equal((100, 1), (watch.GetProperty("counts").GetProperty("found").GetInt32(), watch.GetProperty("openBatches").GetInt32()));
    }

    private async Task<RunningApp> StartAsync(params string[] settings)
    {
        await Container.CreateIfNotExistsAsync(cancellationToken: Token);
        var app = await RunningApp.StartAsync(
            azurite,
            [
                $"--ImageResize:Blobs:AllowedContainers={_photos}",
                $"--ImageResize:Watches:photos:Source=blob://{_photos}/in/",
                "--ImageResize:Watches:photos:Actions=[ { \"thumbnail\": { \"width\": 40 } } ]",
                "--ImageResize:Watches:photos:IntervalSeconds=0",
                .. settings,
            ]);
        await QueueOf(app).CreateIfNotExistsAsync(cancellationToken: Token);

        return app;
    }

    private QueueClient QueueOf(RunningApp app) => new QueueServiceClient(azurite.ConnectionString)
        .GetQueueClient(app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.EventQueue);

    /// <summary>Sends events as Event Grid does: one in each message, as base64.</summary>
    private async Task SendAsync(RunningApp app, params string[] events)
    {
        foreach (var text in events)
        {
            await QueueOf(app).SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), Token);
        }
    }

    /// <summary>Writes an image and returns its event.</summary>
    private async Task<string> WriteAsync(string name, string type = "image/jpeg")
    {
        var blob = Container.GetBlobClient(name);
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = type } };
        Response<BlobContentInfo> written = await blob.UploadAsync(BinaryData.FromBytes(TestImages.Jpeg(80, 60)), options, Token);

        return JsonSerializer.Serialize(new
        {
            subject = $"/blobServices/default/containers/{_photos}/blobs/{name}",
            eventType = "Microsoft.Storage.BlobCreated",
            data = new { eTag = written.Value.ETag.ToString(), contentType = type, contentLength = 1000, url = blob.Uri.AbsoluteUri },
        });
    }

    private async Task<int> CountThumbnailsAsync() =>
        await Container.GetBlobsAsync(new GetBlobsOptions { Prefix = "resized/" }, Token).CountAsync(Token);

    private static async Task<JsonElement> ReadAsync(RunningApp app)
    {
        using var watches = JsonDocument.Parse(await app.Client.GetStringAsync("/v1/watches", Token));

        return watches.RootElement.GetProperty("watches").EnumerateArray().Single().Clone();
    }

    private static async Task WaitAsync(RunningApp app, int found)
    {
        await Eventually.Async(async () =>
            (await ReadAsync(app)).GetProperty("counts").GetProperty("succeeded").GetInt32() >= found ? "processed" : null);

        Assert.Equal(found, (await ReadAsync(app)).GetProperty("counts").GetProperty("found").GetInt32());
    }
}
