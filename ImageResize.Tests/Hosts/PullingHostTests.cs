using System.Text.Json;
using Azure.Storage.Queues;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using ImageResize.Tests.Support.Processes;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Hosts;

/// <summary>The published app under a host that receives messages and keeps its worker running as the real one does.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class PullingHostTests(Azurite azurite, PublishedApp published) : IAsyncLifetime
{
    private const int Images = 60;

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
    public async Task A_submitted_job_is_completed()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));

        Assert.Contains("cat_resized.jpg", await ResultAsync(await SubmitAsync("cat.jpg")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_worker_is_started_again_and_completes_jobs()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var first = _host.WorkerId;

        _host.KillWorker();
        await Eventually.Async(() => _host.WorkerExits == 1);
        var id = await SubmitAsync("cat.jpg");

        Assert.Contains("cat_resized.jpg", await ResultAsync(id), StringComparison.Ordinal);
        Assert.NotEqual(first, _host.WorkerId);
        Assert.False(_host.HasGivenUp);
    }

    [Fact]
    public async Task The_third_error_exit_of_the_worker_stops_the_host()
    {
        for (var exits = 1; exits <= 3; exits++)
        {
            Assert.False(_host.HasGivenUp);
            _host.KillWorker();
            await Eventually.Async(() => _host.WorkerExits == exits);
            if (exits < 3)
            {
                await Eventually.Async(AnswersAsync);
            }
        }

        await Eventually.Async(() => _host.HasGivenUp);
        await Eventually.Async(async () => !await AnswersAsync());
    }

    [Fact]
    public async Task A_worker_that_exits_without_an_error_is_replaced_after_the_function_timeout_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A signal cannot be sent to one process alone on Windows.");
        await _host.DisposeAsync();
        _host = await StartAsync(functionTimeout: TimeSpan.FromSeconds(3));
        var first = _host.WorkerId;

        await UnixSignal.SendAsync("TERM", first);
        await Eventually.Async(async () => (await _host.SendAsync(HttpMethod.Get, "/health/live")).Status == 500);
        await Eventually.Async(async () => (await _host.SendAsync(HttpMethod.Get, "/health/live")).Status == 200);

        Assert.NotEqual(first, _host.WorkerId);
    }

    [Fact]
    public async Task A_stop_finishes_or_returns_the_messages_in_progress()
    {
        // Longer than the test: only a message that was returned is received in time.
        await _host.DisposeAsync();
        _host = await StartAsync(lease: HostSetup.RealLease);
        var batch = await SubmitFolderAsync();
        await Eventually.Async(() => Directory.Exists(_images["resized/many"]));

        await _host.StopAsync();
        _host = await StartAsync(lease: HostSetup.RealLease);

        await AssertCompletedAsync(batch);
    }

    [Fact]
    public async Task An_outage_of_storage_loses_no_job()
    {
        await using var storage = await PrivateAzurite.StartAsync(Token);
        await _host.DisposeAsync();
        _host = await StartAsync(connectionString: storage.ConnectionString);
        var batch = await SubmitFolderAsync();

        await storage.StopAsync();
        await Eventually.Async(async () => (await _host.SendAsync(HttpMethod.Get, "/health/ready")).Status == 503);
        await storage.RestartAsync(Token);

        await AssertCompletedAsync(batch);
    }

    [Fact]
    public async Task A_killed_host_leaves_its_messages_to_the_next_one()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var id = await SubmitAsync("cat.jpg");

        await _host.DisposeAsync();
        _host = await StartAsync();

        Assert.Contains("cat_resized.jpg", await ResultAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_not_base64_is_dropped_with_one_warning()
    {
        var queue = new QueueClient(azurite.ConnectionString, _name);
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);

        await queue.SendMessageAsync("plain text!", Token);

        await Eventually.Async(() => _host.Output.Contains("not sent by this program", StringComparison.Ordinal));
        await Eventually.Async(async () => (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount == 0);
        Assert.Equal(2, _host.Output.Split("not sent by this program").Length);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await _host.SendAsync(HttpMethod.Get, "/result?jobId=any");

            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> SubmitFolderAsync()
    {
        for (var i = 0; i < Images; i++)
        {
            _images.Write($"many/{i:D2}.png", TestImages.Png(1_500, 1_000));
        }

        var (status, body) = await _host.SendAsync(HttpMethod.Post, "/imageapi?imagePath=many");
        Assert.Equal(200, status);

        return JsonDocument.Parse(body).RootElement.GetProperty("batchId").GetString()!;
    }

    private async Task AssertCompletedAsync(string batch)
    {
        await Eventually.Async(async () =>
            (await _host.SendAsync(HttpMethod.Get, $"/v1/batches/{batch}")).Body.Contains("\"completed\"", StringComparison.Ordinal));
        Assert.Equal(Images, Directory.GetFiles(_images["resized/many"]).Length);
    }

    private Task<FunctionsHostDouble> StartAsync(
        TimeSpan? functionTimeout = null, TimeSpan? lease = null, string? connectionString = null) => published.StartAsync(
        new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = connectionString ?? azurite.ConnectionString,
            ["ImageResize__Sources__ImagesRoot"] = _images.Path,
            ["ImageResize__Storage__TablePrefix"] = _name,
            ["ImageResize__Storage__WorkQueue"] = _name,
        },
        new HostSetup
        {
            Lease = lease ?? TimeSpan.FromSeconds(6),
            WorkQueue = _name,
            VisibilityTimeout = TimeSpan.FromSeconds(1),
            FunctionTimeout = functionTimeout,
        });

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
