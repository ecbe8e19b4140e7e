using System.Text.Json;
using Azure.Storage.Blobs;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http.Uploads;

/// <summary>Runs the app with low limits for uploads, on real storage.</summary>
public abstract class UploadApi(Azurite azurite) : IAsyncLifetime
{
    protected const int MaxBytes = 6_000_000;

    private protected RunningApp App { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => App = await RunningApp.StartAsync(
        azurite,
        $"--ImageResize:Uploads:MaxBytes={MaxBytes}",
        "--ImageResize:Uploads:MaxParts=3",
        "--ImageResize:Imaging:MaxMeasuredMegapixels=20");

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<HttpResponseMessage> PostAsync(byte[] body, string? type, bool isChunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images") { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        return await App.Client.SendAsync(request, Token);
    }





    protected static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Token)).RootElement;

    /// <summary>Lists all blobs in the containers for uploads of this app.</summary>
    protected async Task<List<(string Name, long Length, string Type)>> StoredAsync()
    {
        var service = App.Services.GetRequiredService<BlobServiceClient>();
        var prefix = App.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix + "-uploads-";
        var stored = new List<(string, long, string)>();
        await foreach (var container in service.GetBlobContainersAsync(prefix: prefix, cancellationToken: Token))
        {
            await foreach (var blob in service.GetBlobContainerClient(container.Name).GetBlobsAsync(cancellationToken: Token))
            {
                stored.Add((blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.ContentType));
            }
        }

        return stored;
    }
}
