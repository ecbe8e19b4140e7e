using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ImageResize.Functions.Hosting;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Docs;

/// <summary>The OpenAPI document and the reference page.</summary>
public sealed partial class DocsTests(Azurite azurite) : IAsyncLifetime
{
    private RunningApp _app = null!;
    private HttpClient _stranger = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(azurite, "--environment=Production");
        _stranger = new HttpClient { BaseAddress = _app.Client.BaseAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("openapi.json", "application/json")]
    [InlineData("openapi.yaml", "application/yaml")]
    public async Task The_document_is_sent_without_a_key_and_again_only_if_it_has_changed(string name, string type)
    {
        using var response = await _stranger.GetAsync($"/{name}", Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{name}") { Headers = { IfNoneMatch = { response.Headers.ETag! } } };
        using var again = await _stranger.SendAsync(request, Token);

        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find()!, "docs", name), Token),
            await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task The_page_loads_scripts_of_this_service_only()
    {
        using var response = await _stranger.GetAsync("/docs", Token);
        var page = await response.Content.ReadAsStringAsync(Token);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains($"'nonce-{NoncePattern().Match(page).Groups[1].Value}'", policy, StringComparison.Ordinal);
        Assert.Equal(
            ["text/javascript", "text/javascript"],
            await Task.WhenAll(ScriptPattern().Matches(page).Select(async script =>
            {
                using var answer = await _stranger.GetAsync(script.Groups[1].Value, Token);

                return answer.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType;
            })));
    }

    [Fact]
    public async Task Pages_have_different_nonces()
    {
        var pages = await Task.WhenAll(_stranger.GetStringAsync("/docs", Token), _stranger.GetStringAsync("/docs", Token));

        Assert.NotEqual(pages[0], pages[1]);
    }

    [Theory]
    [InlineData("gzip, br", "gzip")]
    [InlineData("br, gzip;q=0", "")]
    [InlineData("", "")]
    public async Task The_script_is_compressed_for_clients_that_accept_it(string accepted, string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/docs/scalar.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var response = await _stranger.SendAsync(request, Token);

        Assert.Equal(encoding, string.Join(',', response.Content.Headers.ContentEncoding));
        var bytes = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(encoding == "gzip", bytes is [0x1F, 0x8B, ..]);
        Assert.Equal(encoding != "gzip", Encoding.UTF8.GetString(bytes).Contains("createApiReference", StringComparison.Ordinal));
    }

    [GeneratedRegex("""<meta property="csp-nonce" content="([0-9a-f]{32})">""")]
    private static partial Regex NoncePattern();

    [GeneratedRegex("<script src=\"([^\"]+)\"")]
    private static partial Regex ScriptPattern();
}
