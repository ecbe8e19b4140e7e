using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ImageResize.Core.Addresses;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Deployment.Permissions;

/// <summary>
/// Sends requests of all kinds that use storage and are not in the conversation of the contract: blobs, folders of blobs, uploads of both
/// sizes, addresses that are thumbnails, callbacks and events of watched containers.
/// </summary>
/// <param name="blobPort">The port at which the app finds blobs.</param>
internal sealed class StorageWork(DeployedAzurite azurite, int blobPort, Func<HttpRequestMessage, Task<HttpResponseMessage>> send)
{
    private const string Thumbnail = """ "actions": [ { "thumbnail": { "width": 40 } } ] """;

    /// <summary>What the work needs in addition to the template's settings, by name.</summary>
    public static Dictionary<string, string> Settings { get; } = new()
    {
        ["ImageResize__Presets__card__width"] = "60",
        ["ImageResize__Addresses__UnsignedPresets"] = "card",
        ["ImageResize__Callbacks__Secrets"] = TestReceivers.Secret(),
        ["ImageResize__Watches__photos__source"] = "blob://images/in/**",
        ["ImageResize__Watches__photos__preset"] = "card",
        ["ImageResize__Watches__photos__intervalSeconds"] = "0",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task DoAsync()
    {
        await azurite.AnnounceAsync("images", "in/announced.jpg", blobPort);
        var job = await EndAsync($$"""{ "source": "blob://images/photo.jpg", {{Thumbnail}} }""");
        await ReadAsync(HttpMethod.Get, $"/v1/jobs/{job}/thumbnails/0");
        await UploadAsync();
        await UploadLargeImageAsync();
        await SendBatchAsync();
        await ReadAsync(HttpMethod.Get, $"/t/unsigned/card/{AddressSource.Encode("blob://images/photo.jpg")}");
        await ReadAsync(HttpMethod.Get, "/v1/watches");
        await Eventually.Async(() => azurite.HasBlobAsync("thumbnails", "announced"));
    }

    private async Task UploadAsync()
    {
        var upload = await SendAsync(HttpMethod.Post, "/v1/images", ImageOf(90));
        var job = await EndAsync($$"""{ "source": "{{upload.GetProperty("source").GetString()}}", {{Thumbnail}} }""");
        await ReadAsync(HttpMethod.Get, $"/v1/jobs/{job}/thumbnails/0");
        await ReadAsync(HttpMethod.Delete, $"/v1/jobs/{job}");
    }

    private async Task UploadLargeImageAsync()
    {
        var reply = await SendAsync(HttpMethod.Post, "/v1/uploads", Json("{}"));
        using var image = ImageOf(100);
        using var request = new HttpRequestMessage(HttpMethod.Put, reply.GetProperty("address").GetString()) { Content = image };
        foreach (var header in reply.GetProperty("headers").EnumerateObject())
        {
            request.Headers.Add(header.Name, header.Value.GetString());
        }

        using var browser = new HttpClient();
        using var stored = await browser.SendAsync(request, Token);
        stored.EnsureSuccessStatusCode();
        var source = reply.GetProperty("source").GetString()!;
        await EndAsync($$"""{ "source": "{{source}}", {{Thumbnail}} }""");
        await ReadAsync(HttpMethod.Delete, $"/v1/images/{source["upload://".Length..]}");
    }

    /// <summary>More than 20 images, so that the queue of large batches is used.</summary>
    private async Task SendBatchAsync()
    {
        var batch = await SendAsync(HttpMethod.Post, "/v1/batches", Json(
            $$"""{ "items": [ { "source": "blob://images/many/" } ], "callback": { "url": "https://a.invalid" }, {{Thumbnail}} }"""));
        var address = $"/v1/batches/{batch.GetProperty("id").GetString()}";
        await Eventually.Async(
            async () => (await SendAsync(HttpMethod.Get, address)).GetProperty("state").GetString() == "completed");
        await ReadAsync(HttpMethod.Get, $"{address}/thumbnails.zip");
        await ReadAsync(HttpMethod.Delete, $"{address}?purge=true");
    }

    /// <summary>Submits a job, waits until it has succeeded and returns its id.</summary>
    private async Task<string> EndAsync(string job)
    {
        var id = (await SendAsync(HttpMethod.Post, "/v1/jobs", Json(job))).GetProperty("id").GetString()!;
        await Eventually.Async(async () =>
            (await SendAsync(HttpMethod.Get, $"/v1/jobs/{id}?wait=20")).GetProperty("state").GetString() == "succeeded");

        return id;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string address, HttpContent? content = null) =>
        JsonDocument.Parse(await ReadAsync(method, address, content)).RootElement;

    private async Task<byte[]> ReadAsync(HttpMethod method, string address, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        using var response = await send(request);
        var body = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{method} {address}: {(int)response.StatusCode} {Encoding.UTF8.GetString(body)}");

        return body;
    }

    private static ByteArrayContent ImageOf(int width) =>
        new(TestImages.Jpeg(width, 60)) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
