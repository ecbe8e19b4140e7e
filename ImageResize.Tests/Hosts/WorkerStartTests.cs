using System.Diagnostics;
using System.Globalization;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>A worker that the Functions host starts serves requests. <c>bench/cold-start host</c> measures how long that takes.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class WorkerStartTests(Azurite azurite, PublishedApp published, ITestOutputHelper output)
{
    /// <summary>How many starts are measured.</summary>
    private static readonly int Starts =
        int.TryParse(Environment.GetEnvironmentVariable("IMAGERESIZE_STARTS"), out var starts) ? starts : 1;

    [Fact]
    public async Task A_started_worker_responds()
    {
        using var images = new TemporaryFolder();
        var settings = Settings(images);
        var measured = new List<(double Milliseconds, double Cpu, double Megabytes)>();
        for (var i = 0; i < Starts; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var host = await published.StartAsync(settings, new HostSetup { ReceivesMessages = false });
            var (status, _) = await host.SendAsync(HttpMethod.Get, "/health/live");
            var elapsed = Stopwatch.GetElapsedTime(started);
            using var worker = Process.GetProcessById(host.WorkerId);
            measured.Add((elapsed.TotalMilliseconds, worker.TotalProcessorTime.TotalMilliseconds, worker.WorkingSet64 / 1e6));

            Assert.Equal(200, status);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"worker: {Median(start => start.Milliseconds):0} ms to the first response (median of {Starts}), "
            + $"{Median(start => start.Cpu):0} ms of CPU until then, {Median(start => start.Megabytes):0} MB"));

        double Median(Func<(double Milliseconds, double Cpu, double Megabytes), double> value) =>
            measured.Select(value).Order().ElementAt(Starts / 2);
    }

    [Fact]
    public async Task A_queue_name_that_no_trigger_reads_is_reported()
    {
        using var images = new TemporaryFolder();
        var settings = Settings(images);
        settings["ImageResize__Storage__WorkQueue"] = "another-queue";
        await using var host = await published.StartAsync(settings, new HostSetup { ReceivesMessages = false });

        await Eventually.Async(() => host.Output.Contains(
            "ImageResize__Storage__WorkQueue is another-queue, but the queue functions read imageresize-work", StringComparison.Ordinal));
    }

    private Dictionary<string, string> Settings(TemporaryFolder images) => new()
    {
        ["AzureWebJobsStorage"] = azurite.ConnectionString,
        ["ImageResize__Sources__ImagesRoot"] = images.Path,
        ["ImageResize__Storage__TablePrefix"] = Azurite.UniquePrefix(),
    };
}
