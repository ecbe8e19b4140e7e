using System.Text.Json;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>The published app under a host that pulls the queues and keeps its handler alive as the real one does.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class PullingHostTests(Azurite azurite, PublishedApp published) : IAsyncLifetime
{
    private readonly TemporaryFolder _images = new();
    private readonly string _name = Azurite.UniquePrefix();
    private FunctionsHostDouble _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _images.Dispose();
    }

    [Fact]
    public async Task A_job_goes_its_road_with_nobody_posting()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));

        Assert.Contains("cat_resized.jpg", await ResultAsync(await SubmitAsync("cat.jpg")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_is_killed_starts_again_at_the_same_port_and_work_goes_on()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var first = _host.HandlerId;

        _host.KillHandler();
        await Eventually.Async(() => _host.HandlerExits == 1);
        var id = await SubmitAsync("cat.jpg");

        Assert.Contains("cat_resized.jpg", await ResultAsync(id), StringComparison.Ordinal);
        Assert.NotEqual(first, _host.HandlerId);
        Assert.False(_host.HasGivenUp);
    }

    [Fact]
    public async Task The_third_exit_of_the_handler_stops_the_host()
    {
        for (var exits = 1; exits <= 3; exits++)
        {
            Assert.False(_host.HasGivenUp);
            _host.KillHandler();
            await Eventually.Async(() => _host.HandlerExits == exits);
            if (exits < 3)
            {
                await _host.SendAsync(HttpMethod.Get, "/result?jobId=any");
            }
        }

        await Eventually.Async(() => _host.HasGivenUp);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.SendAsync(HttpMethod.Get, "/result?jobId=any"));
    }

    [Fact]
    public async Task A_handler_that_exits_without_an_error_is_never_started_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A signal cannot be sent to one process alone on Windows.");
        await UnixSignal.SendAsync("TERM", _host.HandlerId);
        await Eventually.Async(() => _host.HandlerExits == 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.SendAsync(HttpMethod.Get, "/result?jobId=any"));
    }

    [Fact]
    public async Task A_host_that_dies_leaves_its_messages_to_the_next_one()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var id = await SubmitAsync("cat.jpg");

        await _host.DisposeAsync();
        _host = await StartAsync();

        Assert.Contains("cat_resized.jpg", await ResultAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_base64_goes_to_the_poison_queue_unseen()
    {
        using var arrivals = new ArrivalSignal();
        var service = StorageAccount.ByConnectionString(azurite.ConnectionString).OpenQueues();
        var queue = service.GetQueueClient(_name);
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);

        await queue.SendMessageAsync("plain text!", Token);

        await Eventually.Async(async () =>
        {
            var poison = service.GetQueueClient(_name + StorageQueue.PoisonEnding);
            return await poison.ExistsAsync(Token) && (await poison.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount == 1 ? "there" : null;
        });
        Assert.DoesNotContain("none of ours", _host.Output, StringComparison.Ordinal);
    }

    private Task<FunctionsHostDouble> StartAsync() => published.StartAsync(
        new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["ImageResize__Sources__ImagesRoot"] = _images.Path,
            ["ImageResize__Storage__TablePrefix"] = _name,
            ["ImageResize__Storage__WorkQueue"] = _name,
        },
        new HostPulling(TimeSpan.FromSeconds(6), _name, VisibilityTimeout: TimeSpan.FromSeconds(1)));

    private async Task<string> SubmitAsync(string path)
    {
        var (status, body) = await _host.SendAsync(HttpMethod.Post, $"/imageapi?imagePath={path}");
        Assert.Equal(200, status);

        return JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
    }

    private Task<string> ResultAsync(string id) => Eventually.Async(async () =>
    {
        var (status, body) = await _host.SendAsync(HttpMethod.Get, $"/result?jobId={id}");

        return status == 200 ? body : null;
    });
}
