using ImageResize.Core.Statistics;
using ImageResize.Core.Storage.Resilience;
using ImageResize.Functions.Http.Metadata;

namespace ImageResize.Functions.Http.Operations;

/// <summary>
/// Metrics of this process in the Prometheus text format. Only standalone: the Functions host sends a request to any of its instances. The
/// lengths of queues are read for each request, and left out when the queues have been unavailable for a while.
/// </summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        // The exporter's own endpoint would not be part of the API's description.
        var scrape = routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true).Build();

        routes.MapGet("/metrics", async (HttpContext context, ServiceGauges gauges) =>
        {
            await RefreshAsync(gauges, context.RequestAborted);
            context.SetEndpoint(null); // The exporter's pipeline would run the endpoint again instead of ending.
            await scrape(context);
        }).WithMetadata(new AdminOnly(), new StandaloneOnly());
    }

    private static async Task RefreshAsync(ServiceGauges gauges, CancellationToken cancellationToken)
    {
        try
        {
            await gauges.RefreshAsync(cancellationToken);
        }
        catch (Exception fault) when (StorageFault.IsTransient(fault) && !cancellationToken.IsCancellationRequested)
        {
            // The other metrics are still useful. They include the count of storage faults.
        }
    }
}
