using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Deployment.Permissions;

/// <summary>An Azurite with the queues and containers that a template deploys, some images, and data whose retention has ended.</summary>
internal sealed class DeployedAzurite : IAsyncDisposable
{
    private readonly PrivateAzurite _azurite;

    private DeployedAzurite(PrivateAzurite azurite) => _azurite = azurite;

    public AzuritePorts Ports => _azurite.Ports;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BlobServiceClient Blobs => new(_azurite.ConnectionString);

    public static async Task<DeployedAzurite> StartAsync(Stack stack)
    {
        var deployed = new DeployedAzurite(await PrivateAzurite.StartAsync(Token));
        await deployed.AddResourcesAsync(stack);
        await deployed.AddDataAsync();

        return deployed;
    }

    public QueueClient Queue(string name) => new QueueServiceClient(_azurite.ConnectionString).GetQueueClient(name);

    /// <summary>Writes an image as its owner does, and sends the event as Event Grid does.</summary>
    /// <param name="blobPort">The port at which the app finds the account.</param>
    public async Task AnnounceAsync(string container, string name, int blobPort)
    {
        var blob = Blobs.GetBlobContainerClient(container).GetBlobClient(name);
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "image/jpeg" } };
        BlobContentInfo written = await blob.UploadAsync(BinaryData.FromBytes(TestImages.Jpeg(80, 60)), options, Token);
        var url = new UriBuilder(blob.Uri) { Port = blobPort }.Uri.AbsoluteUri;
        var announced = JsonSerializer.SerializeToUtf8Bytes(new
        {
            subject = $"/blobServices/default/containers/{container}/blobs/{name}",
            eventType = "Microsoft.Storage.BlobCreated",
            data = new { eTag = written.ETag.ToString(), contentType = "image/jpeg", contentLength = 1000, url },
        });
        await Queue("imageresize-work-events").SendMessageAsync(Convert.ToBase64String(announced), Token);
    }

    public async Task<bool> HasBlobAsync(string container, string part) => await Blobs.GetBlobContainerClient(container)
        .GetBlobsAsync(new GetBlobsOptions(), Token).AnyAsync(blob => blob.Name.Contains(part, StringComparison.Ordinal), Token);

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    private async Task AddResourcesAsync(Stack stack)
    {
        foreach (var queue in stack.Of("Microsoft.Storage/storageAccounts/queueServices/queues"))
        {
            await Queue(Stack.Name(queue).Split('/')[^1]).CreateAsync(cancellationToken: Token);
        }

        foreach (var container in stack.Of("Microsoft.Storage/storageAccounts/blobServices/containers"))
        {
            await Blobs.CreateBlobContainerAsync(Stack.Name(container).Split('/')[^1], cancellationToken: Token);
        }
    }

    private async Task AddDataAsync()
    {
        var images = Blobs.GetBlobContainerClient("images");
        await images.UploadBlobAsync("photo.jpg", BinaryData.FromBytes(TestImages.Jpeg(80, 60)), Token);
        for (var i = 0; i < 25; i++)
        {
            await images.UploadBlobAsync($"many/{i}.png", BinaryData.FromBytes(TestImages.Png(8, 6)), Token);
        }

        foreach (var kind in (string[])["uploads", "manifests", "pending"])
        {
            await Blobs.CreateBlobContainerAsync($"imageresize-{kind}-20200101", cancellationToken: Token);
        }

        await new TableServiceClient(_azurite.ConnectionString).CreateTableAsync("imageresize20200101", Token);
    }
}
