using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Functions;

/// <summary>
/// Requests with <c>wait</c> and event streams occupy places of an instance for up to a minute or longer. <c>bench/held</c> measures what a
/// worker needs for them.
/// </summary>
[Collection(PublishedAppTests.Name)]
public sealed class HeldRequestTests(Azurite azurite, PublishedApp published, ITestOutputHelper output)
{
    private const string Job = """{ "source": "photo.jpg", "actions": [ { "measure": {} } ] }""";

    /// <summary>How many requests are held at a time.</summary>
    private static readonly int[] Counts =
        [.. (Environment.GetEnvironmentVariable("IMAGERESIZE_HELD") ?? "16").Split(',').Select(int.Parse)];

    /// <summary>How many other requests are sent meanwhile.</summary>
    private static readonly int Others = Environment.GetEnvironmentVariable("IMAGERESIZE_HELD") is null ? 5 : 300;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_responds_while_other_requests_are_held()
    {
        using var images = new TemporaryFolder();
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["ImageResize__Sources__ImagesRoot"] = images.Path,
            ["ImageResize__Storage__TablePrefix"] = Azurite.UniquePrefix(),
        };

        // Nothing receives messages, so the job stays queued.
        await using var host = await published.StartAsync(settings, new HostSetup { ReceivesMessages = false });
        var job = await SubmitAsync(host);

        foreach (var count in Counts)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var waits = Enumerable.Range(0, count / 2).Select(_ => HoldAsync(host, $"/v1/jobs/{job}?wait=60", ended.Token)).ToList();
            var streams = await Task.WhenAll(Enumerable.Range(0, count - waits.Count).Select(_ => FollowAsync(host, job)));

            output.WriteLine($"held {count}: {await MeasureAsync(host, job)}");

            Assert.All(waits, wait => Assert.False(wait.IsCompleted));
            await ended.CancelAsync();
            Array.ForEach(streams, stream => stream.Dispose());
            await Task.WhenAll(waits);
        }
    }

    private static async Task<string> SubmitAsync(FunctionsHostDouble host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
        {
            Content = new StringContent(Job, Encoding.UTF8, "application/json"),
        };
        using var response = await host.SendAsync(request, Token);
        using var reply = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));

        return reply.RootElement.GetProperty("id").GetString()!;
    }

    private static async Task HoldAsync(FunctionsHostDouble host, string address, CancellationToken ended)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await host.SendAsync(request, ended);
        }
        catch (OperationCanceledException)
        {
            // The measurement has ended.
        }
    }

    /// <summary>Opens a stream and returns it after its first event.</summary>
    private static async Task<HttpResponseMessage> FollowAsync(FunctionsHostDouble host, string job)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/batches/{job}/events");
        var response = await host.SendAsync(request, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token), leaveOpen: true);
        Assert.Equal("event: progress", await reader.ReadLineAsync(Token));

        return response;
    }

    private static async Task<string> MeasureAsync(FunctionsHostDouble host, string job)
    {
        using var worker = Process.GetProcessById(host.WorkerId);
        var (started, cpu) = (Stopwatch.GetTimestamp(), worker.TotalProcessorTime);
        var times = new List<double>();
        for (var i = 0; i < Others; i++)
        {
            var sent = Stopwatch.GetTimestamp();
            var (status, _) = await host.SendAsync(HttpMethod.Get, $"/v1/jobs/{job}");
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            Assert.Equal(200, status);
            await Task.Delay(20, Token);
        }

        worker.Refresh();
        times.Sort();
        var used = (worker.TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(started);

        return string.Create(
            CultureInfo.InvariantCulture,
            $"status in {times[times.Count / 2]:0.0} ms (median) and {times[times.Count * 99 / 100]:0.0} ms (99 %), "
            + $"{worker.WorkingSet64 / 1e6:0} MB, {100 * used:0} % of a core");
    }
}
