using System.Text;
using System.Text.Json;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>The further keys of a caller, and requests of local browsers without one.</summary>
public sealed class CallerKeysTests(Azurite azurite)
{
    private const string NextKey = Secrets.Prefix + "-next-key-of-shop";
    private const string ReadKey = Secrets.Prefix + "-read-key-of-shop";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Host: localhost", true)]
    [InlineData("Host: 127.0.0.9:7071", true)]
    [InlineData("Host: [::1]:7071", true)]
    [InlineData("Host: localhost\nSec-Fetch-Site: same-origin", true)]
    [InlineData("Host: localhost\nSec-Fetch-Site: none", true)]
    [InlineData("Host: localhost:1\nOrigin: http://localhost:1", true)]
    [InlineData("Host: localhost\nSec-Fetch-Site: cross-site\nOrigin: https://allowed.example", true)]
    [InlineData("Host: attacker.example", false)]
    [InlineData("Host: localhost.attacker.example", false)]
    [InlineData("Host: 127.0.0.1.attacker.example", false)]
    [InlineData("Host: localhost\nSec-Fetch-Site: cross-site", false)]
    [InlineData("Host: localhost\nSec-Fetch-Site: same-site", false)]
    [InlineData("Host: localhost\nOrigin: https://attacker.example", false)]
    [InlineData("Host: localhost\nOrigin: null", false)]
    [InlineData("Host: localhost:1\nOrigin: http://localhost:1\nOrigin: https://attacker.example", false)]
    [InlineData("Host: localhost\nSec-Fetch-Site: same-origin\nSec-Fetch-Site: cross-site", false)]
    [InlineData("Host: attacker.example\nOrigin: http://attacker.example\nSec-Fetch-Site: same-origin", false)]
    public async Task Without_a_key_only_tools_and_pages_of_this_machine_may_call(string headers, bool isAllowed)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:AllowedOrigins=https://allowed.example");
        using var request = await RawRequest.SendAsync(
            app.Client.BaseAddress!, $"GET /result?jobId=1 HTTP/1.1\nConnection: close\n{headers}\n\n");

        Assert.StartsWith(isAllowed ? "HTTP/1.1 404 " : "HTTP/1.1 401 ", await request.ReadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/result?jobId=1", 404)]
    [InlineData("GET", "/v1/jobs/1", 404)]
    [InlineData("GET", "/imageapi?imagePath=cat.jpg", 403)]
    [InlineData("POST", "/imageapi?imagePath=cat.jpg", 403)]
    [InlineData("POST", "/v1/jobs", 403)]
    [InlineData("POST", "/v1/images", 403)]
    [InlineData("DELETE", "/v1/batches/1", 403)]
    [InlineData("GET", "/metrics", 401)]
    public async Task A_read_key_can_only_read(string method, string address, int status)
    {
        await using var app = await StartWithMoreKeysAsync();

        Assert.Equal(status, (await SendAsync(app, method, address, ReadKey)).Status);
    }

    [Fact]
    public async Task All_keys_of_a_caller_read_the_same_jobs()
    {
        await using var app = await StartWithMoreKeysAsync();
        var first = await SendAsync(app, "POST", "/v1/jobs", Secrets.ShopKey);
        var second = await SendAsync(app, "POST", "/v1/jobs", NextKey);

        foreach (var (_, body) in ((int, string)[])[first, second])
        {
            var address = "/v1/jobs/" + JsonDocument.Parse(body).RootElement.GetProperty("id").GetString();
            (string, int)[] answers = [(Secrets.ShopKey, 200), (NextKey, 200), (ReadKey, 200), (Secrets.PrinterKey, 404)];
            foreach (var (key, status) in answers)
            {
                Assert.Equal(status, (await SendAsync(app, "GET", address, key)).Status);
            }
        }
    }

    private async Task<RunningApp> StartWithMoreKeysAsync()
    {
        var app = await RunningApp.StartAsync(
            azurite,
            "--environment=Production",
            $"--ImageResize:NextKeys:shop={NextKey}",
            $"--ImageResize:ReadKeys:shop={ReadKey}");
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);

        return app;
    }

    private static async Task<(int Status, string Body)> SendAsync(RunningApp app, string method, string address, string key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Headers = { { RequestKey.Header, key } } };
        if (method == "POST")
        {
            const string job = """{ "source": "cat.jpg", "actions": [ { "measure": {} } ] }""";
            request.Content = new StringContent(job, Encoding.UTF8, "application/json");
        }

        using var response = await app.Client.SendAsync(request, Token);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
