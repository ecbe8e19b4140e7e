using System.Text.Json;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>Health under the Functions host, which does not tell the app which key a request has.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class HostedHealthTests(Azurite azurite, PublishedApp published)
{
    private const string History = "/v1/health/history";

    [Fact]
    public async Task Only_the_admin_key_shows_the_parts_of_readiness_and_the_history()
    {
        using var images = new TemporaryFolder();
        await using var host = await published.StartAsync(
            new Dictionary<string, string>
            {
                ["AzureWebJobsStorage"] = azurite.ConnectionString,
                ["ImageResize__AdminKey"] = Secrets.AdminKey,
                ["ImageResize__Sources__ImagesRoot"] = images.Path,
                ["ImageResize__Storage__TablePrefix"] = Azurite.UniquePrefix(),
            },
            new HostSetup { ReceivesMessages = false });

        SetKey(host, HttpTriggers.FunctionKey);
        Assert.Equal((200, """{"status":"ready"}"""), await host.SendAsync(HttpMethod.Get, "/health/ready"));
        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, History)).Status);

        SetKey(host, Secrets.AdminKey);
        var details = JsonDocument.Parse((await host.SendAsync(HttpMethod.Get, "/health/ready")).Body).RootElement;
        Assert.Equal(
            [("queue", "works"), ("table", "works"), ("blob", "works"), ("folder", "works")],
            details.GetProperty("parts").EnumerateObject().Select(part => (part.Name, part.Value.GetProperty("state").GetString()!)));
        Assert.Equal("suspects", details.GetProperty("engine").GetProperty("isolation").GetString());
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, History)).Status);
    }

    private static void SetKey(FunctionsHostDouble host, string key)
    {
        host.Client.DefaultRequestHeaders.Remove("x-functions-key");
        host.Client.DefaultRequestHeaders.Add("x-functions-key", key);
    }
}
