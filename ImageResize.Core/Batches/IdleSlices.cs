using ImageResize.Core.Messages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Batches;

/// <summary>
/// Queues slices again whose message may be lost: slices whose row was not written for the length of a lease. The time doubles with each
/// requeue, so that slices that only wait behind others do not multiply. Doing it twice, or on several instances at once, does no harm.
/// </summary>
public sealed partial class IdleSlices(
    IJobStore jobs,
    IMessageQueue queue,
    IOptions<BatchOptions> options,
    TimeProvider clock,
    ILogger<IdleSlices> logger)
{
    private const int MaxDoublings = 10;

    private TimeSpan Lease => options.Value.Lease;

    /// <summary>Whether no row of a batch was written for the length of a lease.</summary>
    public bool IsIdle(DateTimeOffset lastTouched) => clock.GetUtcNow() - lastTouched >= Lease;

    public async Task RequeueAsync(Batch batch, IReadOnlyList<SliceProgress> open, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var idle = open.Where(slice => now - slice.TouchedAt >= Lease * Math.Pow(2, Math.Min(slice.Requeues, MaxDoublings))).ToList();
        if (idle.Count == 0)
        {
            return;
        }

        await jobs.MarkRequeuedAsync(batch.Id, idle, cancellationToken);
        foreach (var slice in idle)
        {
            var message = new SliceMessage(batch.Id, slice.Number)
            {
                Priority = batch.Priority,
                Caller = batch.Caller,
                IsSuspect = true,
            };
            await queue.SendAsync(message, TimeSpan.Zero, cancellationToken);
        }

        LogRequeued(batch.Id, idle.Count);
    }

    /// <summary>Requeues the slice of a batch without a watch. Called whenever a caller asks for its job.</summary>
    public async Task RequeueUnwatchedAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (!batch.IsWatched && IsIdle(batch.Id.SubmittedAt))
        {
            var slices = await jobs.ListSlicesAsync(batch.Id, cancellationToken).ToListAsync(cancellationToken);
            await RequeueAsync(batch, slices, cancellationToken);
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "Batch {BatchId}: queued {Slices} idle slices again", EventName = "IdleSlicesRequeued")]
    private partial void LogRequeued(Identifiers.BatchId batchId, int slices);
}
