using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Proxies;

/// <summary>Links for callers that see the program under a path of a proxy.</summary>
public sealed class PublicPathTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/batches")]
    [InlineData("/img/v1/batches")]
    public async Task The_setting_is_in_all_links_whether_the_proxy_removes_the_path_or_not(string address)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Proxy:PathPrefix=/img");

        var (location, self, jobs) = await SubmitAsync(app, address, prefixHeader: null);

        Assert.StartsWith("/img/v1/batches/", location, StringComparison.Ordinal);
        Assert.Equal((location, $"{location}/jobs"), (self, jobs));
        var (status, body) = await app.GetAsync(jobs);
        Assert.Equal(200, status);
        Assert.Contains("\"self\":\"/img/v1/jobs/", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "/proxy/v1/batches/")]
    [InlineData("127.0.0.0/8", "/proxy/v1/batches/")]
    [InlineData("10.0.0.0/8,192.0.2.1", "/v1/batches/")]
    [InlineData("", "/v1/batches/")]
    public async Task The_header_counts_if_its_proxy_is_trusted(string trusted, string start)
    {
        await using var app = await RunningApp.StartAsync(azurite, $"--ImageResize:Proxy:Trusted={trusted}");

        var (location, self, _) = await SubmitAsync(app, "/v1/batches", prefixHeader: "/proxy");

        Assert.StartsWith(start, location, StringComparison.Ordinal);
        Assert.Equal(location, self);
    }

    private static async Task<(string Location, string Self, string Jobs)> SubmitAsync(
        RunningApp app, string address, string? prefixHeader)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new
            {
                items = new[] { new { source = "a.jpg" }, new { source = "b.jpg" } },
                actions = new[] { new { measure = new { } } },
            }),
        };
        if (prefixHeader is not null)
        {
            request.Headers.Add("X-Forwarded-For", "192.0.2.7");
            request.Headers.Add("X-Forwarded-Prefix", prefixHeader);
        }

        using var response = await app.Client.SendAsync(request, Token);
        var links = (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("links");

        return (response.Headers.Location!.OriginalString, links.GetProperty("self").GetString()!, links.GetProperty("jobs").GetString()!);
    }
}
