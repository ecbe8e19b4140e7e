using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Hosts;

/// <summary>A proxy would resolve host names itself, and could reach addresses that the address policy forbids.</summary>
public sealed class ProxyTests(Azurite azurite)
{
    private const string Address = "http://pictures.invalid/cat.jpg";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "20")]
    [Fact]
    public async Task A_proxy_in_the_environment_is_not_used_for_sources()
    {
        await using var proxy = new StubServer();
        using var images = new TemporaryFolder();
        proxy.AnswerImage(Address, TestImages.Jpeg(40, 30));
        await using var program = await StartedProgram.StartAsync(azurite, images.Path, Environment($"http://{proxy.Place}"));

        foreach (var address in (string[])[Address, Address.Replace("http:", "https:", StringComparison.Ordinal)])
        {
            using var response = await program.Client.PostAsJsonAsync(
                "/v1/jobs", new { source = address, actions = new[] { new { measure = new { } } } }, Token);
            var job = await Eventually.Async(async () =>
            {
                var asked = await program.Client.GetFromJsonAsync<JsonDocument>($"{response.Headers.Location}?wait=20", Token);

                return asked!.RootElement.GetProperty("state").GetString() == "failed" ? asked : null;
            });

            Assert.Equal("source_unreachable", job.RootElement.GetProperty("error").GetProperty("code").GetString());
        }

        Assert.Empty(proxy.Requests);
    }

    /// <summary>Storage may be reached through a proxy, so its address is excluded here.</summary>
    private static Dictionary<string, string> Environment(string proxy) => new()
    {
        ["HTTP_PROXY"] = proxy,
        ["http_proxy"] = proxy,
        ["HTTPS_PROXY"] = proxy,
        ["https_proxy"] = proxy,
        ["ALL_PROXY"] = proxy,
        ["all_proxy"] = proxy,
        ["NO_PROXY"] = "127.0.0.1,localhost",
        ["no_proxy"] = "127.0.0.1,localhost",
    };
}
