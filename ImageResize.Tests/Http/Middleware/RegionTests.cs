using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Middleware;

/// <summary>Two regions with their own storage: results are stored where they were requested and found from any region.</summary>
public sealed class RegionTests(Azurite azurite) : IAsyncLifetime
{
    private RunningApp _first = null!;
    private RunningApp _second = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _second = await RunningApp.StartAsync(azurite, "--ImageResize:Regions:Number=2");
        _first = await RunningApp.StartAsync(
            azurite,
            "--ImageResize:Regions:Number=1",
            "--ImageResize:Regions:Addresses:1=https://first.example",
            $"--ImageResize:Regions:Addresses:2={_second.Client.BaseAddress}");
        _second.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_result_is_found_from_any_region()
    {
        var id = await _second.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=cat.jpg");
        var there = await _second.ResultAsync(id);

        // HttpClient follows the redirect.
        Assert.Equal((200, there), await _first.GetAsync($"/result?jobId={id}"));
        Assert.Equal(await _second.GetAsync($"/v1/jobs/{id}"), await _first.GetAsync($"/v1/jobs/{id}"));
    }

    [Theory]
    [InlineData("GET", "/result?jobId={0}", "/result?jobId={0}")]
    [InlineData("GET", "/v1/jobs/{0}?wait=20", "/v1/jobs/{0}?wait=20")]
    [InlineData("GET", "/v1/jobs/{0}-17/thumbnails/0", "/v1/jobs/{0}-17/thumbnails/0")]
    [InlineData("GET", "/v1/batches/{0}/jobs?state=failed&code=SECRET-CANARY-key-of-shop", "/v1/batches/{0}/jobs?state=failed")]
    [InlineData("DELETE", "/v1/batches/{0}", "/v1/batches/{0}")]
    [InlineData("POST", "/v1/batches/{0}/retry", "/v1/batches/{0}/retry")]
    [InlineData("GET", "/v1/images/{0}", "/v1/images/{0}")]
    public async Task An_id_of_another_region_is_a_redirect_that_keeps_the_method_and_drops_keys(string method, string asked, string sentTo)
    {
        var id = BatchId.New(TimeProvider.System.GetUtcNow(), region: 2).ToString();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = _first.Client.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), asked.Replace("{0}", id, StringComparison.Ordinal));

        using var response = await client.SendAsync(request, Token);

        Assert.Equal(307, (int)response.StatusCode);
        Assert.Equal(new Uri(_second.Client.BaseAddress!, sentTo.Replace("{0}", id, StringComparison.Ordinal)), response.Headers.Location);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task An_id_of_this_or_an_unknown_region_is_looked_up_here(int region) =>
        Assert.Equal(404, (await _first.GetAsync($"/v1/jobs/{BatchId.New(TimeProvider.System.GetUtcNow(), region)}")).Status);

    [Fact]
    public async Task A_single_region_looks_up_every_id() =>
        Assert.Equal(404, (await _second.GetAsync($"/v1/jobs/{BatchId.New(TimeProvider.System.GetUtcNow(), region: 1)}")).Status);

    [Fact]
    public async Task An_upload_of_another_region_is_refused_with_the_address_of_its_region()
    {
        using var uploaded = await _second.Client.PostAsync("/v1/images", new ByteArrayContent(TestImages.Jpeg(40, 30)), Token);
        var source = (await uploaded.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("source").GetString();

        using var refused =
            await _first.Client.PostAsJsonAsync("/v1/jobs", new { source, actions = new[] { new { measure = new { } } } }, Token);

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains(_second.Client.BaseAddress!.ToString(), (await refused.Content.ReadFromJsonAsync<JsonElement>(Token))
            .GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
