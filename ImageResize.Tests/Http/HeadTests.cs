using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http;

/// <summary>HEAD of all endpoints, standalone. Hosts/TwoHostsTests compares the answers with those under the Functions host.</summary>
public sealed class HeadTests(Azurite azurite)
{
    private const string Thumbnail =
        """{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 40.0, "height": 40, "format": "png" } } ] }""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HEAD_is_answered_like_GET_without_the_body()
    {
        await using var app = await RunningApp.StartAsync(
            azurite, "--ImageResize:Presets:card:Width=40", "--ImageResize:Addresses:UnsignedPresets=card");
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        using var upload = await app.Client.PostAsync("/v1/images", new ByteArrayContent(TestImages.Png(40, 30)), Token);
        var id = await SubmitAsync(app);
        await app.EndedAsync($"/v1/jobs/{id}");
        string[] addresses =
        [
            "/v1/batches", "/v1/images", "/v1/watches", "/t/unsigned/card/cat.jpg", "/t/unsigned/w_40/cat.jpg",
            $"/v1/jobs/{id}", $"/v1/jobs/{id}/thumbnails/0", $"/v1/jobs/{id}/thumbnails/1", $"/v1/batches/{id}", $"/v1/batches/{id}/jobs",
            $"/v1/batches/{id}/thumbnails.zip", upload.Headers.Location!.OriginalString, $"/result?jobId={id}", "/result?jobId=x",
            "/result", "/v1/jobs/x", "/v1/batches/x", "/v1/images/x", "/health/live",
        ];

        foreach (var address in addresses)
        {
            using var get = await app.Client.GetAsync(address, Token);
            using var head = await HeadAsync(app, address);

            Assert.Equal(
                (get.StatusCode, get.Content.Headers.ContentType?.ToString(), get.Headers.ETag),
                (head.StatusCode, head.Content.Headers.ContentType?.ToString(), head.Headers.ETag));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
        }
    }

    [Fact]
    public async Task HEAD_queues_nothing()
    {
        // Without queue listeners, so that messages stay in the queue.
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var id = await SubmitAsync(app);

        string[] addresses = ["/imageapi?imagePath=cat.jpg", "/v1/jobs", $"/v1/batches/{id}/retry"];
        foreach (var address in addresses)
        {
            using var head = await HeadAsync(app, address);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
        }

        foreach (var address in (string[])[$"/v1/jobs/{id}", $"/v1/batches/{id}", $"/result?jobId={id}"])
        {
            using var head = await HeadAsync(app, address);
            Assert.NotEqual(HttpStatusCode.MethodNotAllowed, head.StatusCode);
        }

        var queue = new QueueClient(azurite.ConnectionString, app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.WorkQueue);
        Assert.Single((await queue.ReceiveMessagesAsync(32, cancellationToken: Token)).Value);
    }

    private static async Task<string> SubmitAsync(RunningApp app)
    {
        using var response = await app.Client.PostAsync(
            "/v1/jobs", new StringContent(Thumbnail, mediaType: new("application/json")), Token);

        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private static Task<HttpResponseMessage> HeadAsync(RunningApp app, string address) =>
        app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address), Token);
}
