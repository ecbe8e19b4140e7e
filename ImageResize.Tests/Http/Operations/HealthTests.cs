using ImageResize.Functions.Http.Operations;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;
using ImageResize.Tests.Support.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Tests.Http.Operations;

public sealed class HealthTests(Azurite azurite)
{
    private const string Ready = """{"status":"ready"}""";
    private const string NotReady = """{"status":"not ready"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_storage_and_a_folder_the_service_is_live_and_ready()
    {
        await using var app = await RunningApp.StartAsync(azurite);

        Assert.Equal((200, """{"status":"live"}"""), await app.GetAsync("/health/live"));
        await UntilAsync(app, HttpMethod.Get, (200, Ready));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Probes_may_use_HEAD(string address)
    {
        await using var app = await RunningApp.StartAsync(azurite);

        await UntilAsync(app, HttpMethod.Head, (200, ""), address);
    }

    [Fact]
    public async Task Without_storage_the_service_is_live_but_not_ready_without_details()
    {
        await using var app = await RunningApp.StartAsync(FreePorts.Take().ConnectionString);

        Assert.Equal(200, (await app.GetAsync("/health/live")).Status);
        Assert.Equal((503, NotReady), await app.GetAsync("/health/ready"));
        await UntilFailingAsync(app, "queue", "table");
    }

    [Fact]
    public async Task Without_its_folder_the_service_is_not_ready_until_the_folder_is_back()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        Directory.Delete(app.Images.Path);

        Assert.Equal((503, NotReady), await app.GetAsync("/health/ready"));
        await UntilFailingAsync(app, "folder");

        Directory.CreateDirectory(app.Images.Path);
        await UntilAsync(app, HttpMethod.Get, (200, Ready));
    }

    [Fact]
    public async Task A_service_that_uses_only_blobs_is_ready_without_a_folder()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Thumbnails:OutputContainer=thumbnails");
        Directory.Delete(app.Images.Path);

        await UntilAsync(app, HttpMethod.Get, (200, Ready));
        Directory.CreateDirectory(app.Images.Path);
    }

    [Fact]
    public async Task A_readiness_check_leaves_no_file()
    {
        await using var app = await RunningApp.StartAsync(azurite);

        await app.GetAsync("/health/ready");

        Assert.Empty(Directory.GetFiles(app.Images.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_hundred_concurrent_probes_check_once()
    {
        await using var own = await PrivateAzurite.StartAsync(Token);
        await using var app = await RunningApp.StartAsync(own.ConnectionString, "--ImageResize:Role=Api");

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.GetAsync("/health/ready")));
        await own.StopAsync();

        Assert.InRange(own.Requests.Count(line => line.Contains("PartitionKey='health'", StringComparison.Ordinal)), 1, 5);
    }

    /// <summary>Waits, because a slow check counts as a failure and can be slow on a busy machine.</summary>
    private static Task<string> UntilAsync(
        RunningApp app, HttpMethod method, (int Status, string Body) answer, string address = "/health/ready") =>
        Eventually.Async(async () => await app.SendAsync(method, address) == answer ? "so" : null);

    private static Task<string> UntilFailingAsync(RunningApp app, params string[] parts) => Eventually.Async(async () =>
    {
        var report = await app.Services.GetRequiredService<Readiness>().GetAsync();
        var failing = report.Entries.Where(part => part.Value.Status != HealthStatus.Healthy).Select(part => part.Key).Order();

        return failing.SequenceEqual(parts) ? "so" : null;
    });
}
