using System.Globalization;
using System.Text.Json;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Hosts;

/// <summary>Outages of all or a part of storage while jobs are processed. bench/outage runs the long versions.</summary>
public sealed class OutageTests
{
    private const int Images = 30;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "29")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_outage_of_storage_during_a_batch_loses_no_job(bool isFrozen)
    {
        Assert.SkipWhen(isFrozen && OperatingSystem.IsWindows(), "Windows cannot freeze a process.");
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        await using var app = await RunningApp.StartAsync(azurite.ConnectionString);
        var batch = await SubmitFolderAsync(app);

        await (isFrozen ? azurite.FreezeAsync() : azurite.StopAsync());
        await AssertAwayAsync(app);
        await (isFrozen ? azurite.ThawAsync() : azurite.RestartAsync(Token));

        await AssertAllMadeAsync(app, batch);
        await UntilReadyAsync(app);
    }

    [Trait("Abuse", "29")]
    [Fact]
    public async Task A_program_that_starts_without_storage_works_when_storage_is_available()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        await azurite.StopAsync();
        await using var app = await RunningApp.StartAsync(azurite.ConnectionString);

        await AssertAwayAsync(app);
        await azurite.RestartAsync(Token);

        await UntilReadyAsync(app);
        await AssertAllMadeAsync(app, await SubmitFolderAsync(app));
    }

    [Trait("Abuse", "29")]
    [Theory]
    [InlineData("queue", nameof(PortFault.Refuse))]
    [InlineData("queue", nameof(PortFault.Hang))]
    [InlineData("table", nameof(PortFault.Refuse))]
    [InlineData("table", nameof(PortFault.Hang))]
    public async Task An_outage_of_one_storage_service_loses_no_job(string service, string fault)
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        await using var port = new FaultyPort(service == "queue" ? azurite.Ports.Queue : azurite.Ports.Table);
        await using var app = await RunningApp.StartAsync(Behind(azurite.Ports, service, port).ConnectionString);
        var batch = await SubmitFolderAsync(app);

        port.Turn(Enum.Parse<PortFault>(fault));
        await AssertAwayAsync(app);
        port.Turn(PortFault.None);

        await AssertAllMadeAsync(app, batch);
    }

    [Trait("Abuse", "29")]
    [Fact]
    public async Task Event_streams_continue_after_an_outage()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        await using var port = new FaultyPort(azurite.Ports.Table);
        await using var app = await RunningApp.StartAsync(Behind(azurite.Ports, "table", port).ConnectionString, "--ImageResize:Role=Api");
        var batch = await SubmitFolderAsync(app);
        using var events = new StreamReader(await app.Client.GetStreamAsync($"/v1/batches/{batch}/events", Token));
        Assert.Equal("event: progress", await events.ReadLineAsync(Token));

        // Requests are answered after three seconds, and events poll once a second.
        port.Turn(PortFault.Hang);
        await AssertAwayAsync(app);
        port.Turn(PortFault.None);
        await Eventually.Async(
            async () => (await app.Client.DeleteAsync($"/v1/batches/{batch}", Token)).IsSuccessStatusCode ? "canceled" : null);

        Assert.Contains("event: end", await events.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Trait("Abuse", "29")]
    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_table_that_answers_with_errors_loses_no_job(int status)
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        await using var port = new FaultyPort(azurite.Ports.Table);
        await using var app = await RunningApp.StartAsync(Behind(azurite.Ports, "table", port).ConnectionString);
        var batch = await SubmitFolderAsync(app);

        port.AnswerWith(status);
        await AssertAwayAsync(app);
        port.Turn(PortFault.None);

        await AssertAllMadeAsync(app, batch);
    }

    [Trait("Abuse", "28")]
    [Fact]
    public async Task A_clock_that_storage_refuses_is_reported_as_such()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        await using var port = new FaultyPort(azurite.Ports.Table);
        await using var app = await RunningApp.StartAsync(Behind(azurite.Ports, "table", port).ConnectionString);

        var theirs = TimeProvider.System.GetUtcNow().AddMinutes(-20);
        port.AnswerWith(403, $"Date: {theirs.ToString("R", CultureInfo.InvariantCulture)}", "x-ms-error-code: AuthenticationFailed");

        await AssertAwayAsync(app);
        var report = await app.Services.GetRequiredService<Readiness>().GetAsync();
        Assert.StartsWith("rejects requests: this machine's clock is", report.Entries["table"].Description, StringComparison.Ordinal);
    }

    private static AzuritePorts Behind(AzuritePorts ports, string service, FaultyPort port) =>
        service == "queue" ? ports with { Queue = port.Port } : ports with { Table = port.Port };

    private static async Task<string> SubmitFolderAsync(RunningApp app)
    {
        var image = TestImages.Jpeg(400, 300);
        for (var i = 0; i < Images; i++)
        {
            app.Images.Write($"many/{i:D2}.jpg", image);
        }

        var (status, body) = await app.PostAsync("/imageapi?imagePath=many");
        Assert.Equal(200, status);

        return JsonDocument.Parse(body).RootElement.GetProperty("batchId").GetString()!;
    }

    /// <summary>Asserts that the program is live but not ready, and answers 503 with Retry-After. bench/outage measures how soon.</summary>
    private static async Task AssertAwayAsync(RunningApp app)
    {
        app.Images.Write("one.jpg", TestImages.Jpeg(40, 30));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/imageapi?imagePath=one.jpg");
        using var answer = await app.Client.SendAsync(request, Token);

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        await Eventually.Async(async () => (await app.GetAsync("/health/ready")).Status == 503 ? "not ready" : null);
        Assert.Equal(200, (await app.GetAsync("/health/live")).Status);
    }

    private static Task<string> UntilReadyAsync(RunningApp app) =>
        Eventually.Async(async () => (await app.GetAsync("/health/ready")).Status == 200 ? "ready" : null);

    private static async Task AssertAllMadeAsync(RunningApp app, string batch)
    {
        for (var i = 0; i < Images; i++)
        {
            var result = await UntilResultAsync(app, $"{batch}-{i}");
            Assert.True(JsonDocument.Parse(result).RootElement.GetProperty("Resize").GetBoolean(), result);
        }

        Assert.Equal(Images, Directory.GetFiles(app.Images["resized/many"]).Length);
    }

    /// <summary>
    /// Longer than <see cref="Eventually"/>: messages that a frozen service delivered to nobody become visible again after a lease.
    /// </summary>
    private static async Task<string> UntilResultAsync(RunningApp app, string job)
    {
        try
        {
            return await app.ResultAsync(job);
        }
        catch (TimeoutException)
        {
            return await app.ResultAsync(job);
        }
    }
}
