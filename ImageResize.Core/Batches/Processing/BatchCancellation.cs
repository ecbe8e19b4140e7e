using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Batches.Processing;

/// <summary>Cancels a batch's remaining jobs and closes it.</summary>
public sealed partial class BatchCancellation(IJobStore jobs, SliceResults results, TimeProvider clock, ILogger<BatchCancellation> logger)
{
    private const int ParallelSlices = 8;

    /// <summary>
    /// Stops the listing and marks all open slices, so that no further job starts. Jobs that are being processed are finished.
    /// </summary>
    public async Task StopAsync(BatchId id, CancellationToken cancellationToken)
    {
        // The header first: if this process ends here, the batch's watch cancels the rest.
        await jobs.CancelAsync(id, cancellationToken);
        if (await jobs.FindBatchAsync(id, cancellationToken) is { Listing: { } listing } batch)
        {
            // A worker that is listing cannot add more slices, because the header has another version now.
            await jobs.TryAddSlicesAsync(batch with { Listing = null, Total = listing.Listed }, [], cancellationToken);
        }

        var open = await ListOpenAsync(id, cancellationToken).Where(slice => !slice.IsCanceled).ToListAsync(cancellationToken);
        await jobs.CancelSlicesAsync(id, open, cancellationToken);
        LogStopped(id, open.Count);
    }

    /// <summary>Writes canceled results for all jobs without a result, until the timeout. The next call continues.</summary>
    public async Task EndAsync(BatchId id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var open = ListOpenAsync(id, cancellationToken).TakeWhile(_ => clock.GetElapsedTime(started) < timeout);

        await Parallel.ForEachAsync(
            open,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSlices, CancellationToken = cancellationToken },
            async (progress, token) =>
            {
                if (await jobs.FindSliceAsync(id, progress.Number, token) is { IsDone: false } slice)
                {
                    await results.CancelAsync(id, slice, clock.GetUtcNow(), token);
                }
            });
    }

    private IAsyncEnumerable<SliceProgress> ListOpenAsync(BatchId id, CancellationToken cancellationToken) =>
        jobs.ListSlicesAsync(id, cancellationToken).Where(slice => !slice.IsDone);

    [LoggerMessage(
        3002,
        LogLevel.Information,
        "Batch {BatchId} was canceled; {Slices} slices will not run",
        EventName = "BatchCancellationStopped")]
    private partial void LogStopped(BatchId batchId, int slices);
}
