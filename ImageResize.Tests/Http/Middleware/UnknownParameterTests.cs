using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Middleware;

/// <summary>A misspelt parameter would silently have no effect.</summary>
public sealed class UnknownParameterTests(Azurite azurite)
{
    private const string Id = "01800000-0000-8000-8000-000000000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", $"/v1/jobs/{Id}?wiat=20", "'wiat' is not known: this address has the parameters wait.")]
    [InlineData("GET", $"/v1/jobs/{Id}/thumbnails/0?width=20", "'width' is not known: this address has no parameters.")]
    [InlineData("GET", $"/v1/batches/{Id}/jobs?from=1&stat=failed", "'stat' is not known: this address has the parameters state, from.")]
    [InlineData("POST", "/v1/batches?nmae=a", "'nmae' is not known: this address has the parameters name, preset, callback.")]
    [InlineData("POST", "/v1/images?nmae=a", "'nmae' is not known: this address has the parameters name, keepNames.")]
    [InlineData("POST", "/v1/measure?width=1", "'width' is not known: this address has no parameters.")]
    public async Task An_unknown_parameter_is_refused_with_those_that_are_known(string method, string address, string detail)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using var response = await app.Client.SendAsync(request, Token);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Token);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (response.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/job", HttpStatusCode.NotFound, "/docs describes the API.")]
    [InlineData("/v1/thumbnails?width=30", HttpStatusCode.MethodNotAllowed, "The header Allow lists")]
    public async Task An_unknown_address_or_method_is_explained(string address, HttpStatusCode status, string detail)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var response = await app.Client.GetAsync(address, Token);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Token);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_a_parameter_of_every_address()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);

        Assert.Equal(404, (await app.GetAsync($"/v1/batches/{Id}?code={Secrets.ShopKey}")).Status);
    }

    [Theory]
    [InlineData("POST", "imagePath=a.jpg&size=300", "'size' is not known. Did you mean customizedSize")]
    [InlineData("POST", "imagePath=salt & pepper.jpg", "write & as %26")]
    [InlineData("GET", "imagePath=salt&pepper.jpg", "write & as %26")]
    public async Task The_original_endpoints_refuse_certain_mistakes(string method, string query, string message)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Images.Write("a.jpg", TestImages.Jpeg(30, 20));

        var (status, body) = await app.SendAsync(new HttpMethod(method), $"/imageapi?{query}");

        Assert.Equal(400, status);
        Assert.Contains(message, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("imagePath=a.jpg&_=1764419580")]
    [InlineData("imagePath=a.jpg&source=campaign")]
    public async Task The_original_endpoints_ignore_other_parameters_as_before(string query)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Images.Write("a.jpg", TestImages.Jpeg(30, 20));

        Assert.Equal(200, (await app.PostAsync($"/imageapi?{query}")).Status);
    }
}
