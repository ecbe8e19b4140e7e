using System.Text.Json.Nodes;
using ImageResize.Functions.Hosting;
using ImageResize.Tests.Hosts;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Clients;

/// <summary>The Postman collection, as newman runs it.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class PostmanTests(Azurite azurite, PublishedApp published, ITestOutputHelper output)
{
    [Theory]
    [InlineData("")]
    [InlineData(Secrets.ShopKey)]
    public async Task The_collection_passes_standalone(string key)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        SampleImages.CopyTo(app.Images);

        await AssertPassesAsync(app.Client.BaseAddress!, key);
    }

    [Fact]
    public async Task The_collection_passes_under_the_Functions_host()
    {
        using var images = new TemporaryFolder();
        SampleImages.CopyTo(images);
        await using var host = await published.StartAsync(azurite, images);

        await AssertPassesAsync(host.Client.BaseAddress!, HttpTriggers.FunctionKey);
    }

    [Fact]
    public void The_collection_is_of_version_2_1_and_each_request_has_tests()
    {
        var path = Path.Combine(RepositoryRoot.Find()!, "clients", "postman", "ImageResize.postman_collection.json");
        var collection = JsonNode.Parse(File.ReadAllText(path))!;

        var requests = RequestsOf(collection).ToList();

        Assert.Equal("https://schema.getpostman.com/json/collection/v2.1.0/collection.json", collection["info"]!["schema"]!.ToString());
        Assert.Equal(["Image API", "v1"], collection["item"]!.AsArray().Select(folder => folder!["name"]!.ToString()));
        Assert.InRange(requests.Count, 40, 200);
        Assert.All(requests, request => Assert.Contains("pm.test(", request["event"]!.ToJsonString(), StringComparison.Ordinal));
    }

    private static IEnumerable<JsonNode> RequestsOf(JsonNode folder) => folder["item"]!.AsArray()
        .SelectMany(item => item!["item"] is null ? [item] : RequestsOf(item));

    private async Task AssertPassesAsync(Uri address, string key)
    {
        var (hasPassed, report) = await Newman.RunAsync(address, key);

        output.WriteLine(report);
        Assert.True(hasPassed, report);
    }
}
