using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Standalone.Queues;

/// <summary>Slow servers of one caller delay only what needs them.</summary>
public sealed class SlowServerTests(Azurite azurite) : IAsyncDisposable
{
    /// <summary>More than the listener's places.</summary>
    private const int SlowJobs = 100;

    private readonly StubServer _server = new();
    private readonly TestResolver _resolver = new();
    private int _waiting;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_hundred_jobs_on_a_server_that_sends_nothing_delay_no_other_jobs()
    {
        await using var app = await StartAsync();
        _server.Pages["/slow.jpg"] = HoldAsync;
        var slow = new List<string>();
        for (var i = 0; i < SlowJobs; i++)
        {
            slow.Add(await SubmitAsync(app, "http://slow.example/slow.jpg", Secrets.ShopKey));
        }

        await Eventually.Async(() => Volatile.Read(ref _waiting) == 6);

        var ownFile = await SubmitAsync(app, "cat.jpg", Secrets.ShopKey);
        var ownImage = await SubmitAsync(app, "http://quick.example/cat.jpg", Secrets.ShopKey);
        var other = await SubmitAsync(app, "cat.jpg", Secrets.PrinterKey);

        await Task.WhenAll(SucceedsAsync(app, ownFile), SucceedsAsync(app, ownImage), SucceedsAsync(app, other, Secrets.PrinterKey));
        Assert.Equal("queued", await StateAsync(app, slow[0]));
        Assert.Equal(6, Volatile.Read(ref _waiting));
    }

    private async Task<RunningApp> StartAsync()
    {
        foreach (var host in (string[])["slow.example", "quick.example"])
        {
            _resolver.Add(host, _server.Place);
        }

        _server.AnswerImage("/cat.jpg", TestImages.Jpeg(40, 30));
        var app = await RunningApp.StartAsync(
            azurite.ConnectionString,
            services => services.AddSingleton<IResolver>(_resolver).AddSingleton<IAddressPolicy>(new AnyAddress()),
            "--ImageResize:Web:TimeoutSeconds=600",
            "--ImageResize:Web:IdleTimeoutSeconds=600");
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));

        return app;
    }

    private async Task HoldAsync(Stream stream, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static async Task<string> SubmitAsync(RunningApp app, string source, string key)
    {
        using var client = Client(app, key);
        using var response = await client.PostAsJsonAsync(
            "/v1/jobs", new { source, actions = new[] { new { thumbnail = new { width = 20 } } } }, Token);
        var reply = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, reply);

        return JsonDocument.Parse(reply).RootElement.GetProperty("id").GetString()!;
    }

    private static async Task<string> StateAsync(RunningApp app, string id, string key = Secrets.ShopKey)
    {
        using var client = Client(app, key);

        return JsonDocument.Parse(await client.GetStringAsync($"/v1/jobs/{id}", Token)).RootElement.GetProperty("state").GetString()!;
    }

    /// <summary>Repeats requests when storage is slow.</summary>
    private static HttpClient Client(RunningApp app, string key) => new(new RetryingClientHandler())
    {
        BaseAddress = app.Client.BaseAddress,
        DefaultRequestHeaders = { { RequestKey.Header, key } },
    };

    private static Task SucceedsAsync(RunningApp app, string id, string key = Secrets.ShopKey) =>
        Eventually.Async(async () => await StateAsync(app, id, key) == "succeeded");
}
