using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ImageResize.Core.Batches;
using ImageResize.Core.Storage.Resilience;
using ImageResize.Functions.Http.Metadata;

namespace ImageResize.Functions.Http.Batches;

/// <summary>
/// A batch's progress as server-sent events: at most one a second, heartbeats while nothing changes, and a last event at its end.
/// </summary>
internal static class BatchEventsEndpoint
{
    /// <summary>Read by nginx and others: events must arrive at once and not when a buffer is full.</summary>
    private const string ProxyBuffering = "X-Accel-Buffering";

    /// <summary>Shorter, so that the first progress of a batch is seen within a second.</summary>
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static IEndpointRouteBuilder MapBatchEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/batches/{id}/events", async (
            string id,
            BatchQueries batches,
            TimeProvider clock,
            IHostApplicationLifetime lifetime,
            HttpResponse response,
            CancellationToken cancellationToken) =>
        {
            // Read before the response starts, so that an unknown batch is a 404.
            var first = await BatchEndpoints.GetRequiredAsync(id, batches, cancellationToken);

            response.Headers[ProxyBuffering] = "no";

            return TypedResults.ServerSentEvents(EventsAsync(first, batches, clock, lifetime.ApplicationStopping, cancellationToken));
        }).WithMetadata(new LongRunning());

        return routes;
    }

    private static async IAsyncEnumerable<SseItem<BatchReply?>> EventsAsync(
        BatchStatus status,
        BatchQueries batches,
        TimeProvider clock,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        var sent = clock.GetTimestamp();
        yield return Event(status, clock);

        for (var pause = FirstInterval; !status.IsOver; pause = Interval)
        {
            await Task.Delay(pause, clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (either.IsCancellationRequested)
            {
                // The program stops, or the caller has disconnected. Clients connect again after a stream without an end event.
                yield break;
            }

            if (await FindAsync(status, batches, cancellationToken) is not { } now)
            {
                yield break;
            }

            var hasChanged = (now.Counts, now.Total) != (status.Counts, status.Total);
            status = now;
            if (hasChanged)
            {
                sent = clock.GetTimestamp();
                yield return Event(status, clock);
            }
            else if (clock.GetElapsedTime(sent) >= Heartbeat)
            {
                sent = clock.GetTimestamp();
                yield return new SseItem<BatchReply?>(data: null, "heartbeat");
            }
        }

        yield return new SseItem<BatchReply?>(BatchReply.Of(status, callback: null, clock.GetUtcNow()), "end");
    }

    /// <summary>Returns the last status while storage is unavailable, so that the stream outlasts an outage.</summary>
    private static async Task<BatchStatus?> FindAsync(BatchStatus last, BatchQueries batches, CancellationToken cancellationToken)
    {
        try
        {
            return await batches.FindBatchAsync(last.Batch.Id, cancellationToken);
        }
        catch (Exception fault) when (StorageFault.IsTransient(fault) && !cancellationToken.IsCancellationRequested)
        {
            return last;
        }
    }

    private static SseItem<BatchReply?> Event(BatchStatus status, TimeProvider clock) =>
        new(BatchReply.Of(status, callback: null, clock.GetUtcNow()), "progress");
}
