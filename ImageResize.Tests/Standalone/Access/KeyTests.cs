using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>Access to the standalone program: with a key, or without one on loopback in development only.</summary>
public sealed partial class KeyTests(Azurite azurite) : IAsyncLifetime
{
    private const string Job = """{ "source": "cat.jpg", "actions": [ { "measure": {} } ] }""";
    private const string WrongKey = "not-the-key-of-anybody";

    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(azurite, "--environment=Production");
        _app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));
        _app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static TheoryData<string, string> Addresses() => new()
    {
        { "GET", "/imageapi?imagePath=cat.jpg" },
        { "POST", "/imageapi?imagePath=cat.jpg" },
        { "GET", "/result?jobId=1" },
        { "POST", "/v1/jobs" },
        { "GET", "/v1/jobs/1" },
        { "POST", "/v1/images" },
        { "POST", "/v1/batches" },
        { "GET", "/v1/batches/1/events" },
        { "DELETE", "/v1/batches/1" },
        { "GET", "/nothing/here" },
        { "PUT", "/v1/jobs" },
        { "POST", "/ProcessWork" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_missing_and_a_wrong_key_get_the_same_response_at_every_address(string method, string address)
    {
        var expected = await SendAsync(HttpMethod.Get, "/result?jobId=2");
        var expectedWrong = await SendAsync(HttpMethod.Get, "/result?jobId=2", WrongKey);

        var missing = await SendAsync(new HttpMethod(method), address);
        var wrong = await SendAsync(new HttpMethod(method), address, WrongKey);

        Assert.Equal((401, "unauthorized", "application/problem+json"), (missing.Status, missing.Code, missing.Type));
        Assert.Equal(expected, missing);
        Assert.Equal(expectedWrong, wrong);
        Assert.Equal((401, "unauthorized"), (wrong.Status, wrong.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(Secrets.ShopKey + "x")]
    [InlineData("secret-canary-key-of-shop")]
    [InlineData(Secrets.AdminKey)]
    [InlineData(Secrets.ShopKey + "," + Secrets.ShopKey)]
    public async Task A_key_must_match_exactly(string key) =>
        Assert.Equal(401, (await SendAsync(HttpMethod.Get, "/result?jobId=1", key)).Status);

    [Theory]
    [InlineData("/result?jobId=1&code=" + Secrets.ShopKey)]
    [InlineData("/result?CODE=" + Secrets.PrinterKey + "&jobId=1")]
    [InlineData("/result?jobId=1&%63ode=" + Secrets.PrinterKey)]
    public async Task The_key_can_be_a_query_parameter(string address)
    {
        var reply = await SendAsync(HttpMethod.Get, address);

        Assert.Equal(404, reply.Status);
        Assert.DoesNotContain(Secrets.Prefix, reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Secrets.ShopKey, "/result?jobId=1&code=" + WrongKey, 404)]
    [InlineData(WrongKey, "/result?jobId=1&code=" + Secrets.ShopKey, 401)]
    [InlineData(null, "/result?jobId=1&code=" + Secrets.ShopKey + "&code=" + Secrets.ShopKey, 401)]
    public async Task The_header_takes_precedence_over_the_parameter_and_must_be_single(string? header, string address, int status) =>
        Assert.Equal(status, (await SendAsync(HttpMethod.Get, address, header)).Status);

    [Fact]
    public async Task An_unknown_address_is_not_found_with_a_key() =>
        Assert.Equal((404, "not_found"), Seen(await SendAsync(HttpMethod.Get, "/nothing/here", Secrets.ShopKey)));

    [Fact]
    public async Task A_body_without_a_key_is_refused_without_reading_it()
    {
        using var request = await RawRequest.SendAsync(
            _app.Client.BaseAddress!,
            "POST /v1/images HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 100000000\n\n");

        Assert.StartsWith("HTTP/1.1 401 ", await request.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idempotency_keys_are_scoped_to_the_caller()
    {
        var shop = await SendAsync(HttpMethod.Post, "/v1/jobs", Secrets.ShopKey, "once");
        var printer = await SendAsync(HttpMethod.Post, "/v1/jobs", Secrets.PrinterKey, "once");

        Assert.Equal((202, 202), (shop.Status, printer.Status));
        Assert.NotEqual(shop.Body, printer.Body);
        Assert.Equal(shop, await SendAsync(HttpMethod.Post, "/v1/jobs", Secrets.ShopKey, "once"));
    }

    [Fact]
    public async Task A_wrong_key_gets_no_stored_response()
    {
        await SendAsync(HttpMethod.Post, "/v1/jobs", Secrets.ShopKey, "once");

        Assert.Equal(401, (await SendAsync(HttpMethod.Post, "/v1/jobs", WrongKey, "once")).Status);
        Assert.Equal(401, (await SendAsync(HttpMethod.Post, "/v1/jobs", key: null, "once")).Status);
    }

    [Fact]
    public async Task A_repeated_request_may_send_its_key_in_another_place()
    {
        var first = await SendAsync(HttpMethod.Post, "/v1/jobs", Secrets.ShopKey, "once");
        var second = await SendAsync(HttpMethod.Post, "/v1/jobs?code=" + Secrets.ShopKey, key: null, "once");

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData("X-Forwarded-For: 127.0.0.1")]
    [InlineData("X-Real-IP: ::1")]
    [InlineData("Forwarded: for=127.0.0.1")]
    [InlineData("Host: localhost")]
    public async Task Forwarding_headers_that_claim_loopback_grant_no_access(string header)
    {
        using var request = await RawRequest.SendAsync(
            _app.Client.BaseAddress!,
            "GET /result?jobId=1 HTTP/1.1\nConnection: close\n" +
            $"{(header.StartsWith("Host", StringComparison.Ordinal) ? header : "Host: x\n" + header)}\n\n");

        Assert.StartsWith("HTTP/1.1 401 ", await request.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_loopback_a_missing_key_is_accepted_but_a_wrong_one_is_refused()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);

        Assert.Equal(404, (await SendAsync(HttpMethod.Get, "/result?jobId=1", app: app)).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, "/result?jobId=1", "", app: app)).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, "/result?jobId=1", Secrets.ShopKey, app: app)).Status);
        Assert.Equal(401, (await SendAsync(HttpMethod.Get, "/result?jobId=1", WrongKey, app: app)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WrongKey)]
    [InlineData(Secrets.ShopKey)]
    public async Task Health_without_details_is_public(string? key)
    {
        Assert.Equal((200, """{"status":"live"}"""), Said(await SendAsync(HttpMethod.Get, "/health/live", key)));
        await Eventually.Async(
            async () => Said(await SendAsync(HttpMethod.Get, "/health/ready", key)) == (200, """{"status":"ready"}""") ? "ready" : null);
    }

    [Fact]
    public async Task Health_details_require_the_admin_key()
    {
        Directory.Delete(_app.Images.Path, recursive: true);

        await Eventually.Async(async () =>
        {
            var (status, body) = Said(await SendAsync(HttpMethod.Get, "/health/ready", Secrets.AdminKey));
            var parts = JsonDocument.Parse(body).RootElement.GetProperty("parts");

            var folder = parts.GetProperty("folder");
            var table = parts.GetProperty("table");

            return status == 503
                && folder.GetProperty("state").GetString() == "failed" && folder.GetProperty("reason").GetString() == "is missing"
                && table.GetProperty("state").GetString() == "works" && table.GetProperty("latencyMs").GetDouble() > 0
                ? "so" : null;
        });
        Directory.CreateDirectory(_app.Images.Path);
    }

    private static (int, string) Said(Reply reply) => (reply.Status, reply.Body);

    private static (int, string?) Seen(Reply reply) => (reply.Status, reply.Code);

    private async Task<Reply> SendAsync(
        HttpMethod method, string address, string? key = null, string? idempotencyKey = null, RunningApp? app = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent(Job, new MediaTypeHeaderValue("application/json"));
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(RequestKey.Header, key);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await (app ?? _app).Client.SendAsync(request, Token);
        var body = await response.Content.ReadAsStringAsync(Token);

        return new Reply((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, TraceId().Replace(body, ""));
    }

    [GeneratedRegex(",\"traceId\":\"[^\"]*\"")]
    private static partial Regex TraceId();

    private sealed record Reply(int Status, string? Type, string Body)
    {
        public string? Code => JsonDocument.Parse(Body).RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }
}
