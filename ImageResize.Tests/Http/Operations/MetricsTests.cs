using System.Globalization;
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
        foreach (var image in (string[])["cat.jpg", "cat.jpg", "text.jpg"])
        {
            await MeasureAsync(program, image);
        }

        await Eventually.Async(async () => Sum(await ReadAsync(program), "imageresize_slices_done_total") == 3 ? "done" : null);
        var metrics = await ReadAsync(program);
        const string Measured = "imageresize_job_action=\"measure\"";
        Assert.Equal(3, Sum(metrics, "imageresize_jobs_accepted_total"));
        Assert.Equal(2, Sum(metrics, "imageresize_jobs_finished_total", Measured, "=\"succeeded\"", "=\"file\"", "=\"jpeg\""));
        Assert.Equal(1, Sum(metrics, "imageresize_jobs_finished_total", Measured, "=\"failed\"", "error_type=\"not_an_image\""));
        Assert.Equal(3, Sum(metrics, "imageresize_jobs_finished_total"));
        Assert.Equal(3, Sum(metrics, "imageresize_job_duration_seconds_count"));
        Assert.Equal(3, Sum(metrics, "imageresize_queue_wait_duration_seconds_count", "imageresize_queue=\"interactive\""));
        Assert.Equal(3, Sum(metrics, "imageresize_source_read_duration_seconds_count"));
        Assert.Equal(0, Sum(metrics, "imageresize_storage_faults_total"));
        Assert.True(Sum(metrics, "imageresize_storage_request_duration_seconds_count", "=\"table\"") > 0);
        Assert.Equal(4, metrics.Keys.Count(name => name.StartsWith("imageresize_queue_messages{", StringComparison.Ordinal)));
        Assert.InRange(Sum(metrics, "dotnet_process_memory_working_set_bytes"), 10_000_000, 2_000_000_000);
    }

    [Fact]
    public async Task A_thumbnail_is_measured_step_by_step()
    {
        using var images = new TemporaryFolder();
        images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        await using var program = await StartedProgram.StartAsync(azurite, images.Path);

        using var posted = await program.Client.PostAsync("/imageapi?imagePath=cat.jpg", content: null, Token);

        await Eventually.Async(async () =>
            Sum(await ReadAsync(program), "imageresize_jobs_finished_total", "=\"thumbnail\"") == 1 ? "done" : null);
        var metrics = await ReadAsync(program);
        foreach (var step in (string[])["source_read", "image_decode", "image_encode", "thumbnail_store"])
        {
            Assert.Equal((step, 1), (step, Sum(metrics, $"imageresize_{step}_duration_seconds_count")));
        }
    }

    [Fact]
    public async Task Without_storage_the_other_metrics_are_returned_and_the_error_is_counted()
    {
        using var images = new TemporaryFolder();
        images.Write("cat.jpg", TestImages.Jpeg(40, 30));
        await using var program = await StartedProgram.StartAsync(azurite, images.Path, new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = FreePorts.Take().ConnectionString,
            ["ImageResize__Role"] = "Api",
        });
        using var client = new HttpClient { BaseAddress = program.Client.BaseAddress }; // does not retry
        using var refused = await client.GetAsync("/imageapi?imagePath=cat.jpg", Token);
        Assert.Equal(503, (int)refused.StatusCode);

        var body = await client.GetStringAsync("/metrics", Token);

        var metrics = Parse(body);
        Assert.True(Sum(metrics, "imageresize_storage_faults_total") >= 1, body);
        Assert.DoesNotContain(metrics.Keys, name => name.StartsWith("imageresize_queue_messages", StringComparison.Ordinal));
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

    /// <summary>Samples by name and labels.</summary>
    private static Dictionary<string, double> Parse(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .Select(line => line[..(line.LastIndexOf('}') + 1)] is { Length: > 0 } labeled
            ? (Name: labeled, Value: line[labeled.Length..].Trim())
            : (Name: line.Split(' ')[0], Value: line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim()))
        .ToDictionary(
            sample => sample.Name,
            sample => double.Parse(sample.Value.Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>The sum of a metric over all labels, of those that have the given ones.</summary>
    private static double Sum(Dictionary<string, double> metrics, string name, params string[] labels) => metrics
        .Where(sample => sample.Key.Split('{')[0] == name && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(sample => sample.Value);
}
