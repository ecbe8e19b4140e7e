using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Standalone.Access;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>
/// Web pages of allowed origins: browsers send a preflight request without a key, and read responses only with CORS headers.
/// </summary>
public sealed class CorsTests(Azurite azurite) : IAsyncLifetime
{
    private const string Allowed = "https://shop.example";

    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _app = await RunningApp.StartAsync(
            azurite, "--environment=Production", $"--ImageResize:AllowedOrigins=http://localhost:5173, {Allowed}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("POST", "/v1/images")]
    [InlineData("DELETE", "/v1/batches/1")]
    [InlineData("GET", "/result?jobId=1")]
    public async Task A_preflight_request_needs_no_key(string method, string address)
    {
        _app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);

        using var answer = await AskAsync(Allowed, method, address);

        Assert.Equal(
            (204, Allowed, method, "x-functions-key,idempotency-key,content-type"),
            ((int)answer.StatusCode, Said(answer, "Allow-Origin"), Said(answer, "Allow-Methods"), Said(answer, "Allow-Headers")));
    }

    [Theory]
    [InlineData("https://other.example")]
    [InlineData("http://shop.example")]
    [InlineData("https://shop.example:8443")]
    [InlineData("https://shop.example.other.example")]
    [InlineData("null")]
    public async Task Other_origins_get_no_CORS_headers(string origin)
    {
        using var asked = await AskAsync(origin, "POST", "/v1/images");
        using var called = await CallAsync(origin, "/health/live");

        Assert.Equal((null, null), (Said(asked, "Allow-Origin"), Said(called, "Allow-Origin")));
    }

    [Fact]
    public async Task An_allowed_page_can_read_responses_and_errors()
    {
        using var answered = await CallAsync(Allowed, "/health/live");
        using var unknown = await CallAsync(Allowed, "/v1/jobs/1");
        _app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
        using var refused = await CallAsync(Allowed, "/v1/jobs/1");

        Assert.Equal([200, 404, 401], new[] { answered, unknown, refused }.Select(answer => (int)answer.StatusCode));
        Assert.All(
            [answered, unknown, refused],
            answer => Assert.Equal(
                (Allowed,
                    "Location,Retry-After,ETag,Content-Disposition,RateLimit,RateLimit-Policy,"
                    + "Image-Width,Image-Height,Source-Width,Source-Height,Image-Note,Server-Timing"),
                (Said(answer, "Allow-Origin"), Said(answer, "Expose-Headers"))));
    }

    private async Task<HttpResponseMessage> AskAsync(string origin, string method, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, address);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "x-functions-key,idempotency-key,content-type");

        return await _app.Client.SendAsync(request, Token);
    }

    private async Task<HttpResponseMessage> CallAsync(string origin, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Origin", origin);

        return await _app.Client.SendAsync(request, Token);
    }

    private static string? Said(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues("Access-Control-" + header, out var values) ? string.Join(',', values) : null;
}
