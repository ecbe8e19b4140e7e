using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http.Uploads;

/// <summary>Asks for addresses of uploads and sends images to them.</summary>
public abstract class UploadAddressApi(Azurite azurite) : UploadApi(azurite)
{
    protected const string Width20 = """ "actions": [ { "thumbnail": { "width": 20 } } ] """;

    private readonly HttpClient _storage = new();

    /// <summary>Of the last address.</summary>
    private Dictionary<string, string> _headers = [];

    protected async Task<(string Source, string Address)> CreateAsync(string? body = null)
    {
        using var content = body is null ? null : JsonOf(body);
        using var response = await App.Client.PostAsync("/v1/uploads", content, Token);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var reply = await JsonAsync(response);
        Assert.Equal(PathOf(reply.GetProperty("source").GetString()!), response.Headers.Location?.OriginalString);
        _headers = reply.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!);

        return (reply.GetProperty("source").GetString()!, reply.GetProperty("address").GetString()!);
    }

    protected async Task SendAsync(string address, byte[] image, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(image) };
        foreach (var (name, value) in _headers.Select(header => (header.Key, header.Value)).Concat(headers))
        {
            request.Headers.Add(name, value);
        }

        using var response = await _storage.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    protected async Task<HttpStatusCode> StatusAsync(HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, address);
        if (method == HttpMethod.Put)
        {
            request.Content = new ByteArrayContent([1]);
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
        }

        using var response = await _storage.SendAsync(request, Token);

        return response.StatusCode;
    }

    protected Task<HttpResponseMessage> FindAsync(string source) => App.Client.GetAsync(PathOf(source), Token);

    protected async Task<JsonElement> SubmitAsync(string source, string actions = Width20)
    {
        using var response = await App.Client.PostAsync("/v1/jobs", JobOf(source, actions), Token);
        var id = (await JsonAsync(response)).GetProperty("id").GetString();

        return await App.EndedAsync($"/v1/jobs/{id}");
    }

    protected static StringContent JsonOf(string body) => new(body, Encoding.UTF8, "application/json");

    protected static StringContent JobOf(string source, string actions) => JsonOf($$"""{ "source": "{{source}}", {{actions}} }""");

    protected static string PathOf(string source) => "/v1/images/" + source["upload://".Length..];

    protected static string ContainerOf(string address)
    {
        var parts = new BlobUriBuilder(new Uri(address));

        return $"{address[..address.IndexOf(parts.BlobContainerName, StringComparison.Ordinal)]}{parts.BlobContainerName}?{parts.Sas}";
    }

    protected static long ThumbnailBytes(JsonElement job) => job.GetProperty("thumbnails")[0].GetProperty("bytes").GetInt64();

    protected async Task<List<string>> PendingAsync()
    {
        var service = App.Services.GetRequiredService<BlobServiceClient>();
        var prefix = App.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix + "-pending-";
        var names = new List<string>();
        await foreach (var container in service.GetBlobContainersAsync(prefix: prefix, cancellationToken: Token))
        {
            await foreach (var blob in service.GetBlobContainerClient(container.Name).GetBlobsAsync(cancellationToken: Token))
            {
                names.Add(blob.Name);
            }
        }

        return names;
    }
}
