using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using ImageResize.Functions.Hosting;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Page;

/// <summary>The files of the web page, as browsers request them.</summary>
public sealed partial class PageFileTests(Azurite azurite) : IAsyncLifetime
{
    private const string BrowserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    /// <summary>Of everything that a visit of all views loads.</summary>
    private const int MaxTransferredBytes = 150_000;

    private RunningApp _app = null!;
    private HttpClient _stranger = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(azurite);
        _stranger = new HttpClient { BaseAddress = _app.Client.BaseAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData(BrowserAccept, "text/html")]
    [InlineData("text/html;q=0", "text/plain")]
    [InlineData("*/*", "text/plain")]
    [InlineData("application/json", "text/plain")]
    [InlineData("", "text/plain")]
    public async Task Browsers_get_the_page_and_others_a_sentence(string accept, string type)
    {
        using var response = await GetAsync("/", accept);

        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", response.Headers.Vary);
    }

    [Fact]
    public async Task The_page_may_use_only_what_this_service_sends()
    {
        using var response = await GetAsync("/", BrowserAccept);
        var storage = new BlobServiceClient(azurite.ConnectionString).Uri.GetLeftPart(UriPartial.Authority);

        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
            $"connect-src 'self' {storage}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotMatch("style=|<script>|<style| on[a-z]+=", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task The_page_is_sent_again_only_if_it_has_changed()
    {
        using var response = await GetAsync("/", BrowserAccept);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { response.Headers.ETag! } } };
        request.Headers.TryAddWithoutValidation("Accept", BrowserAccept);
        using var again = await _stranger.SendAsync(request, Token);

        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Files_of_the_page_are_kept_under_the_address_of_their_version_only()
    {
        var page = await PageAsync();
        var script = ScriptPattern().Match(page).Groups[1].Value;

        using var current = await GetAsync($"/{script}", "*/*");
        using var other = await GetAsync("/page/0123456789ab/app.js", "*/*");
        using var unknown = await GetAsync("/page/0123456789ab/nothing.js", "*/*");

        Assert.Equal("public, max-age=31536000, immutable", current.Headers.CacheControl?.ToString());
        Assert.Equal("no-cache", other.Headers.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Each_file_that_the_page_and_its_modules_name_exists_and_all_together_are_small()
    {
        var version = VersionPattern().Match(await PageAsync()).Groups[1].Value;
        var waiting = new Queue<string>([
            .. NamePattern().Matches(await PageAsync()).Select(match => match.Groups[1].Value),
            "styles/playground.css", "styles/health.css", "vendor/uPlot.min.css", "vendor/uPlot.iife.min.js",
        ]);
        var sizes = new Dictionary<string, int> { ["index.html"] = (await BytesAsync("/")).Length };
        while (waiting.TryDequeue(out var name))
        {
            if (sizes.ContainsKey(name))
            {
                continue;
            }

            var compressed = await BytesAsync($"/page/{version}/{name}");
            sizes[name] = compressed.Length;
            foreach (Match import in ImportPattern().Matches(Unzip(compressed)))
            {
                waiting.Enqueue(new Uri(new Uri($"http://page/{name}"), import.Groups[1].Value).AbsolutePath[1..]);
            }
        }

        Assert.Contains("client/http.js", sizes.Keys);
        Assert.Contains("images/files-run.js", sizes.Keys);
        Assert.Contains("health/charts.js", sizes.Keys);
        Assert.InRange(sizes.Values.Sum(), 20_000, MaxTransferredBytes);
    }

    [Theory]
    [InlineData("client.js")]
    [InlineData("http.js")]
    public async Task The_page_uses_the_client_that_others_use(string name)
    {
        var version = VersionPattern().Match(await PageAsync()).Groups[1].Value;
        var module = Path.Combine(RepositoryRoot.Find()!, "clients", "typescript", name);

        var sent = Unzip(await BytesAsync($"/page/{version}/client/{name}"));

        Assert.Equal(await File.ReadAllTextAsync(module, Token), sent);
    }

    [Fact]
    public async Task An_instance_that_only_works_has_no_page()
    {
        await using var worker = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Worker");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept", BrowserAccept);
        using var response = await worker.Client.SendAsync(request, Token);

        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
    }

    private async Task<string> PageAsync()
    {
        using var response = await GetAsync("/", BrowserAccept);

        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Token);
    }

    private async Task<byte[]> BytesAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { AcceptEncoding = { new("gzip") } } };
        request.Headers.TryAddWithoutValidation("Accept", address == "/" ? BrowserAccept : "*/*");
        using var response = await _stranger.SendAsync(request, Token);
        Assert.True(response.IsSuccessStatusCode, address);
        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());

        return await response.Content.ReadAsByteArrayAsync(Token);
    }

    private async Task<HttpResponseMessage> GetAsync(string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);

        return await _stranger.SendAsync(request, Token);
    }

    private static string Unzip(byte[] compressed)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress));

        return reader.ReadToEnd();
    }

    [GeneratedRegex("""<script type="module" src="([^"]+)">""")]
    private static partial Regex ScriptPattern();

    [GeneratedRegex("""page/([0-9a-f]{12})/app\.js""")]
    private static partial Regex VersionPattern();

    [GeneratedRegex("""page/[0-9a-f]{12}/([^"]+)""")]
    private static partial Regex NamePattern();

    /// <summary>Without the imports of types, in comments.</summary>
    [GeneratedRegex("""(?:from |import\()"(\.[^"]+)"(?!\)\.)""")]
    private static partial Regex ImportPattern();
}
