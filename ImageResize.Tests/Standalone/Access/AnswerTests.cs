using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Standalone.Access;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>Headers of all responses.</summary>
public sealed class AnswerTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Responses_of_the_original_endpoints_contain_no_query_of_a_source(string method)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        var source = Uri.EscapeDataString($"http://example.com/cat.jpg?token={Secrets.Prefix}");

        var (status, body) = await app.SendAsync(new HttpMethod(method), $"/imageapi?imagePath={source}");

        Assert.Equal(200, status);
        Assert.Contains("[http://example.com/cat.jpg]", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/result?jobId=1", null, 401, "application/problem+json")]
    [InlineData("/result?jobId=1", Secrets.ShopKey, 404, "application/json")]
    [InlineData("/v1/jobs/1", Secrets.ShopKey, 404, "application/problem+json")]
    [InlineData("/health/ready", null, 200, "application/json")]
    [InlineData("/metrics", Secrets.AdminKey, 200, "text/plain")]
    public async Task Every_response_has_a_content_type_is_not_cached_and_asks_for_a_missing_key(
        string address, string? key, int status, string type)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--environment=Production");

        // Readiness is cached for a moment.
        await Eventually.Async(async () => (await app.GetAsync("/health/ready")).Status == 200 ? "ready" : null);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
        if (key is not null)
        {
            request.Headers.Add(RequestKey.Header, key);
        }

        using var response = await app.Client.SendAsync(request, Token);

        Assert.Equal((status, type), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(status == 401 ? "Key" : null, response.Headers.WwwAuthenticate.SingleOrDefault()?.Scheme);
    }
}
