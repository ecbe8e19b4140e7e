using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Jobs;

/// <summary>Runs the app with an image and a preset, on real storage.</summary>
public abstract class JobApi(Azurite azurite) : IAsyncLifetime
{
    private protected RunningApp App { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        App = await RunningApp.StartAsync(
            azurite, "--ImageResize:Presets:card:Width=60", "--ImageResize:Presets:card:Height=40", "--ImageResize:Presets:card:Fit=cover");
        App.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<(int Status, string Code)> ProblemAsync(string address)
    {
        using var response = await App.Client.GetAsync(address, Token);

        return ((int)response.StatusCode, (await JsonAsync(response)).GetProperty("code").GetString()!);
    }

    protected Task<HttpResponseMessage> PostAsync(string body)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        return App.Client.PostAsync("/v1/jobs", content, Token);
    }

    protected static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(Token);
}
