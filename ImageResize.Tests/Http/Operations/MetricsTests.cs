using System.Text.Json;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Http.Operations;

/// <summary>Metrics for the operator.</summary>
public sealed class MetricsTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 401)]
    [InlineData("not-the-key-of-anybody", 401)]
    [InlineData(Secrets.ShopKey, 401)]
    [InlineData(Secrets.AdminKey, 200)]
    public async Task Metrics_require_the_admin_key(string? key, int status)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--environment=Production", "--ImageResize:Role=Worker");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
        if (key is not null)
        {
            request.Headers.Add(RequestKey.Header, key);
        }

        using var response = await app.Client.SendAsync(request, Token);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? "text/plain" : "application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>In its own process, because counters belong to a process.</summary>
    [Fact]
    public async Task Each_job_is_counted_once_by_its_result()
    {
        using var images = new TemporaryFolder();
        images.Write("cat.jpg", TestImages.Jpeg(40, 30));
        images.Write("text.jpg", "no image"u8.ToArray());
        await using var program = await StartedProgram.StartAsync(azurite, images.Path);
        Assert.Equal(0, (await ReadAsync(program))["imageresize_jobs_accepted_total"]);

        foreach (var image in (string[])["cat.jpg", "cat.jpg", "text.jpg"])
        {
            await MeasureAsync(program, image);
        }

        await Eventually.Async(async () => (await ReadAsync(program))["imageresize_queue_messages{queue=\"small\"}"] == 0 ? "empty" : null);
        var metrics = await ReadAsync(program);
        Assert.Equal(
            (3, 2, 1, 0, 3, 0),
            (metrics["imageresize_jobs_accepted_total"], metrics["imageresize_jobs_succeeded_total"],
                metrics["imageresize_jobs_failed_total"], metrics["imageresize_jobs_canceled_total"],
                metrics["imageresize_slices_done_total"], metrics["imageresize_storage_faults_total"]));
        Assert.InRange(metrics["process_resident_memory_bytes"], 10_000_000, 2_000_000_000);
    }

    [Fact]
    public async Task Without_storage_the_other_metrics_are_returned_and_the_error_is_counted()
    {
        await using var app = await RunningApp.StartAsync(FreePorts.Take().ConnectionString, "--ImageResize:Role=Api");
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
        Assert.Equal(503, (await app.GetAsync("/imageapi?imagePath=cat.jpg")).Status);

        var (status, body) = await app.GetAsync("/metrics");

        var metrics = Parse(body);
        Assert.Equal(200, status);
        Assert.True(metrics["imageresize_storage_faults_total"] >= 1, body);
        Assert.DoesNotContain(metrics.Keys, name => name.StartsWith("imageresize_queue", StringComparison.Ordinal));
    }

    private static async Task MeasureAsync(StartedProgram program, string image)
    {
        var submitted = await program.Client.GetStringAsync($"/imageapi?imagePath={image}", Token);
        var id = JsonDocument.Parse(submitted).RootElement.GetProperty("jobId").GetString();
        await Eventually.Async(async () =>
        {
            using var response = await program.Client.GetAsync($"/result?jobId={id}", Token);

            return (int)response.StatusCode == 200 ? "done" : null;
        });
    }

    private static async Task<Dictionary<string, double>> ReadAsync(StartedProgram program) =>
        Parse(await program.Client.GetStringAsync("/metrics", Token));

    private static Dictionary<string, double> Parse(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
}
