using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Batches;

/// <summary>Runs the app with some images, on real storage.</summary>
public abstract class BatchApi(Azurite azurite) : IAsyncLifetime
{
    protected const string Thumbnail = """[ { "thumbnail": { "width": 40, "height": 40 } } ]""";

    protected string Photos { get; } = Azurite.UniquePrefix();

    private protected RunningApp App { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected BlobServiceClient Blobs => App.Services.GetRequiredService<BlobServiceClient>();

    public async ValueTask InitializeAsync()
    {
        App = await RunningApp.StartAsync(azurite, $"--ImageResize:Blobs:AllowedContainers={Photos}");
        App.Images.Write("a.jpg", TestImages.Jpeg(80, 60));
        App.Images.Write("b.png", TestImages.Png(80, 60));
        App.Images.Write("sub/c.jpg", TestImages.Jpeg(80, 60));
        App.Images.Write("sub/d.jpg", TestImages.Jpeg(80, 60));
        await Blobs.CreateBlobContainerAsync(Photos, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<JsonElement> SubmitAsync(string body)
    {
        using var response = await PostAsync(body);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Token));

        return await JsonAsync(response);
    }

    protected async Task<JsonElement> RunAsync(string body)
    {
        using var response = await PostAsync(body);

        return await EndAsync(response);
    }

    protected async Task<JsonElement> EndAsync(HttpResponseMessage response)
    {
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Token));

        return await EndAsync(response.Headers.Location!.OriginalString);
    }

    protected async Task<JsonElement> EndAsync(string address)
    {
        var ended = await Eventually.Async(async () =>
        {
            var batch = await App.Client.GetFromJsonAsync<JsonElement>(address, Token);

            return Text(batch, "state") == "completed" ? batch.GetRawText() : null;
        });

        return JsonDocument.Parse(ended).RootElement;
    }

    protected async Task<JsonElement> GetAsync(JsonElement batch, string link, string query = "") =>
        await App.Client.GetFromJsonAsync<JsonElement>(batch.GetProperty("links").GetProperty(link).GetString() + query, Token);

    protected async Task<(int Status, string Code)> ProblemAsync(string address)
    {
        using var response = await App.Client.GetAsync(address, Token);

        return ((int)response.StatusCode, Text(await JsonAsync(response), "code"));
    }

    protected Task<HttpResponseMessage> PostAsync(string body, string type = "application/json", string address = "/v1/batches") =>
        App.Client.PostAsync(address, new StringContent(body, Encoding.UTF8, type), Token);

    protected static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    protected static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(Token);
}
