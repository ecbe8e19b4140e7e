using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Http.Identity;

/// <summary>Tokens beside keys in the running program.</summary>
public sealed class TokenAccessTests(Azurite azurite) : IAsyncLifetime
{
    private const string Job = """{ "source": "cat.jpg", "actions": [ { "measure": {} } ] }""";
    private const string Submitter = "Images.Submit";

    private readonly TestIssuer _issuer = new();
    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(azurite, [.. Settings(_issuer)]);
        _app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));
        _app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_role_permits_what_the_key_of_the_same_role_permits()
    {
        (string[] Roles, string Method, string Address, int Status)[] cases =
        [
            ([], "GET", "/v1/batches", 403),
            (["Images.Other", "images.read", ""], "GET", "/v1/batches", 403),
            (["Images.Read"], "GET", "/v1/batches", 200),
            (["Images.Read"], "POST", "/v1/jobs", 403),
            (["Images.Read"], "GET", "/imageapi?imagePath=cat.jpg", 403),
            (["Images.Read"], "DELETE", "/v1/batches/1", 403),
            (["Images.Read"], "GET", "/metrics", 403),
            ([Submitter], "GET", "/v1/batches", 200),
            ([Submitter], "POST", "/v1/jobs", 202),
            ([Submitter], "GET", "/metrics", 403),
            (["Images.Admin"], "GET", "/metrics", 200),
            (["Images.Admin"], "POST", "/v1/jobs", 403),
            (["Images.Admin", Submitter], "POST", "/v1/jobs", 202),
            ([Submitter], "GET", "/nothing/here", 404),
        ];

        foreach (var (roles, method, address, status) in cases)
        {
            using var response = await SendAsync(method, address, _issuer.Sign("ada", roles));

            Assert.Equal((string.Join(' ', roles), address, status), (string.Join(' ', roles), address, (int)response.StatusCode));
        }
    }

    [Fact]
    public async Task What_a_principal_creates_belongs_to_it_and_to_no_key_of_the_same_name()
    {
        var job = await SubmitAsync(_issuer.Sign("shop", Submitter));

        Assert.Equal(200, await StatusAsync(job, _issuer.Sign("shop", "Images.Read")));
        Assert.Equal(404, await StatusAsync(job, _issuer.Sign("ada", Submitter)));
        Assert.Equal(404, await StatusAsync(job, token: null, Secrets.ShopKey));
        Assert.Equal(403, await StatusAsync(job, _issuer.Sign("ada", "Images.Admin")));
        Assert.Equal(200, await StatusAsync(job, _issuer.Sign("ada", "Images.Admin", "Images.Read")));

        using var keyed = await SendAsync("POST", "/v1/jobs", token: null, Secrets.ShopKey);
        Assert.Equal(404, await StatusAsync(keyed.Headers.Location!.OriginalString, _issuer.Sign("shop", Submitter)));
    }

    [Fact]
    public async Task Idempotency_keys_are_scoped_to_the_principal()
    {
        var (ada, other) = (_issuer.Sign("ada", Submitter), _issuer.Sign("other", Submitter));

        var first = await SubmitAsync(ada, idempotencyKey: "once");

        Assert.Equal(first, await SubmitAsync(_issuer.Sign("ada", Submitter), idempotencyKey: "once"));
        Assert.NotEqual(first, await SubmitAsync(other, idempotencyKey: "once"));
    }

    [Fact]
    public async Task The_answer_to_a_wrong_token_says_why_and_how_to_send_another()
    {
        var expired = _issuer.Sign(token => (token.NotBefore, token.Expires) = (DateTime.UtcNow.AddDays(-2), DateTime.UtcNow.AddDays(-1)));

        using var response = await SendAsync("GET", "/v1/batches", expired);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("The token has expired. Request a new one.", problem.GetProperty("detail").GetString());
        Assert.Equal(["Key", "Bearer"], response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
    }

    [Fact]
    public async Task A_wrong_token_opens_nothing_in_Development_where_none_is_needed()
    {
        await using var app = await RunningApp.StartAsync(azurite, Settings(_issuer)[1..]);
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);

        Assert.Equal(200, (int)(await app.Client.GetAsync("/v1/batches", Token)).StatusCode);
        app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "x");
        Assert.Equal(401, (int)(await app.Client.GetAsync("/v1/batches", Token)).StatusCode);
    }

    [Fact]
    public async Task While_the_issuer_does_not_answer_tokens_get_503_and_keys_work()
    {
        await using var silent = new TestIssuer();
        silent.Stop();
        await using var app = await RunningApp.StartAsync(azurite.ConnectionString, [.. Settings(silent)]);
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);

        using var response = await SendAsync("GET", "/v1/batches", silent.Sign("ada", "Images.Read"), app: app);
        using var health = await SendAsync("GET", "/health/live", silent.Sign("ada", "Images.Read"), app: app);
        using var keyed = await SendAsync("GET", "/v1/batches", token: null, Secrets.ShopKey, app: app);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("issuer_unavailable", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal((200, 200), ((int)health.StatusCode, (int)keyed.StatusCode));
    }

    [Fact]
    public async Task A_token_for_one_use_is_refused_by_every_instance_after_it()
    {
        string[] shared = [$"--ImageResize:Storage:TablePrefix={Azurite.UniquePrefix()}", "--ImageResize:Identity:SingleUse=True"];
        await using var one = await RunningApp.StartAsync(azurite, [.. Settings(_issuer), .. shared]);
        await using var other = await RunningApp.StartAsync(azurite, [.. Settings(_issuer), .. shared]);
        var token = _issuer.Sign("ada", "Images.Read");

        var statuses = new List<int>();
        foreach (var app in (RunningApp[])[one, other, one])
        {
            app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
            using var response = await SendAsync("GET", "/v1/batches", token, app: app);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 401, 401], statuses);
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_send_a_token()
    {
        await using var app = await RunningApp.StartAsync(
            azurite, [.. Settings(_issuer), "--ImageResize:AllowedOrigins=https://shop.example"]);
        using var preflight = await RawRequest.SendAsync(
            app.Client.BaseAddress!,
            "OPTIONS /v1/jobs HTTP/1.1\nHost: x\nConnection: close\nOrigin: https://shop.example\n"
            + "Access-Control-Request-Method: POST\nAccess-Control-Request-Headers: authorization,content-type\n\n");

        Assert.Contains("Access-Control-Allow-Headers: authorization,content-type", await preflight.ReadAsync(), StringComparison.Ordinal);
    }

    /// <summary>The first is the environment.</summary>
    private static string[] Settings(TestIssuer issuer) =>
    [
        "--environment=Production",
        $"--ImageResize:Identity:Authority={issuer.Authority}",
        $"--ImageResize:Identity:Audience=other, {TestIssuer.Audience}",
    ];

    private async Task<string> SubmitAsync(string token, string? idempotencyKey = null)
    {
        using var response = await SendAsync("POST", "/v1/jobs", token, idempotencyKey: idempotencyKey);
        Assert.Equal(202, (int)response.StatusCode);

        return response.Headers.Location!.OriginalString;
    }

    private async Task<int> StatusAsync(string address, string? token, string? key = null)
    {
        using var response = await SendAsync("GET", address, token, key);

        return (int)response.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(
        string method, string address, string? token, string? key = null, string? idempotencyKey = null, RunningApp? app = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        foreach (var (name, value) in ((string, string?)[])[(RequestKey.Header, key), ("Idempotency-Key", idempotencyKey)])
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = method == "POST" ? new StringContent(Job, Encoding.UTF8, "application/json") : null;

        return await (app ?? _app).Client.SendAsync(request, Token);
    }
}
