using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>Health under the Functions host, which does not tell the app which key a request has.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class HostedHealthTests(Azurite azurite, PublishedApp published)
{
    [Theory]
    [InlineData(Secrets.AdminKey, """{"status":"ready","parts":{"queue":"works","table":"works","blob":"works","folder":"works"}}""")]
    [InlineData(HttpTriggers.FunctionKey, """{"status":"ready"}""")]
    public async Task Only_the_admin_key_shows_the_parts_of_readiness(string key, string expected)
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
        host.Client.DefaultRequestHeaders.Remove("x-functions-key");
        host.Client.DefaultRequestHeaders.Add("x-functions-key", key);

        Assert.Equal((200, expected), await host.SendAsync(HttpMethod.Get, "/health/ready"));
    }
}
