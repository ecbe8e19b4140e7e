using System.Diagnostics;
using System.Globalization;
using System.Text;
using ImageResize.Core.Storage.Queues;
using ImageResize.Core.Storage.Resilience;
using ImageResize.Functions.Http.Metadata;

namespace ImageResize.Functions.Http.Operations;

/// <summary>
/// Metrics of this process in the Prometheus text format, written without a library. The lengths of queues are read for each request, and
/// left out while the queues are unavailable.
/// </summary>
internal static class MetricsEndpoint
{
    private const string Type = "text/plain; version=0.0.4; charset=utf-8";

    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics", async (MetricTotals totals, PriorityQueues queues, CancellationToken cancellationToken) =>
        {
            var text = new StringBuilder();
            foreach (var (name, description, total) in totals.Read())
            {
                Head(text, name, "counter", description).Append(CultureInfo.InvariantCulture, $"{name} {total}\n");
            }

            AppendProcess(text);
            await AppendQueuesAsync(text, queues, cancellationToken);

            return TypedResults.Text(text.ToString(), Type);
        }).WithMetadata(new AdminOnly());

        return routes;
    }

    private static void AppendProcess(StringBuilder text)
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1_000.0;
        Head(text, "process_resident_memory_bytes", "gauge", "Memory in use.")
            .Append(CultureInfo.InvariantCulture, $"process_resident_memory_bytes {process.WorkingSet64}\n");
        Head(text, "process_cpu_seconds_total", "counter", "Processor time used.")
            .Append(CultureInfo.InvariantCulture, $"process_cpu_seconds_total {Environment.CpuUsage.TotalTime.TotalSeconds}\n");
        Head(text, "process_start_time_seconds", "gauge", "When the process started, since 1970.")
            .Append(CultureInfo.InvariantCulture, $"process_start_time_seconds {started}\n");
    }

    private static async Task AppendQueuesAsync(StringBuilder text, PriorityQueues queues, CancellationToken cancellationToken)
    {
        const string Name = "imageresize_queue_messages";
        try
        {
            var small = queues.Interactive.CountAsync(cancellationToken);
            var bulk = queues.Bulk.CountAsync(cancellationToken);
            await Task.WhenAll(small, bulk);
            Head(text, Name, "gauge", "Messages waiting or at work, about, of all instances together.")
                .Append(CultureInfo.InvariantCulture, $"{Name}{{queue=\"small\"}} {await small}\n")
                .Append(CultureInfo.InvariantCulture, $"{Name}{{queue=\"bulk\"}} {await bulk}\n");
        }
        catch (Exception fault) when (StorageFault.IsTransient(fault) && !cancellationToken.IsCancellationRequested)
        {
            // The other metrics are still useful. They include the count of storage faults.
        }
    }

    private static StringBuilder Head(StringBuilder text, string name, string type, string description) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {description}\n# TYPE {name} {type}\n");
}
