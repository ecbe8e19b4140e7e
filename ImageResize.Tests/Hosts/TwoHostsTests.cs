using ImageResize.Tests.Contract;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>
/// Sends the same requests to the program under the Functions host and standalone. The responses are the same, except those of the host
/// itself, which docs/api.md lists.
/// </summary>
[Collection(PublishedAppTests.Name)]
public sealed class TwoHostsTests(Azurite azurite, PublishedApp published)
{
    /// <summary>Requests that never reach the worker, and the status that the host answers them with. The body is empty.</summary>
    private static readonly Dictionary<string, int> s_answeredByHost = new()
    {
        ["GET /v1/nothing"] = 404,
        ["GET /nothing"] = 404,
        ["GET /v1"] = 404,
        ["GET /v1/jobs/nobody (wrong key)"] = 401,
        ["POST /imageapi?imagePath=photo.jpg (wrong key)"] = 401,
    };

    [Fact]
    public async Task Both_hosts_answer_alike_and_as_documented()
    {
        var conversation = await CallStandaloneAsync();
        var standalone = conversation.Exchanges;
        var hosted = (await CallUnderTheHostAsync()).Exchanges;

        Assert.Empty(conversation.Violations);
        Assert.InRange(standalone.Count, 60, 200);
        Assert.Equal(standalone.Count, hosted.Count);
        Assert.All(standalone.Zip(hosted), answers => Assert.Equal(ExpectedUnderTheHost(answers.First), answers.Second));
    }

    private static string ExpectedUnderTheHost(string standalone)
    {
        var request = standalone.Split('\n')[0];

        return s_answeredByHost.TryGetValue(request, out var status) ? $"{request}\n{status}\n0 bytes" : standalone;
    }

    private async Task<Conversation> CallStandaloneAsync()
    {
        // In production, as under the host: in development, the responses of health have details.
        await using var app = await RunningApp.StartAsync(azurite, "--environment=Production");
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = app.Client.BaseAddress };
        client.DefaultRequestHeaders.Add("x-functions-key", Secrets.ShopKey);
        WriteImages(app.Images);

        return await ConversationScript.SendAsync(new Conversation(
            request => client.SendAsync(request, TestContext.Current.CancellationToken), ApiContract.Load()));
    }

    private async Task<Conversation> CallUnderTheHostAsync()
    {
        using var images = new TemporaryFolder();
        WriteImages(images);
        await using var host = await published.StartAsync(azurite, images);

        return await ConversationScript.SendAsync(
            new Conversation(request => host.SendAsync(request, TestContext.Current.CancellationToken)));
    }

    private static void WriteImages(TemporaryFolder images)
    {
        images.Write("photo.jpg", TestImages.Jpeg(400, 300));
        images.Write("turned.jpg", TestImages.Jpeg(400, 300, orientation: 6));
        images.Write("logo.png", TestImages.TransparentPng());
        images.Write("text.jpg", "no image"u8.ToArray());
        images.Write("folder/a.jpg", TestImages.Jpeg(300, 200));
        images.Write("folder/b.png", TestImages.Png(200, 300));
    }
}
