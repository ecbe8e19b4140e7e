using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Jobs;

/// <summary>Stops what of a batch has not run, and ends it.</summary>
public sealed partial class BatchCanceler(IJobStore jobs, SliceCanceler slices, TimeProvider clock, ILogger<BatchCanceler> logger)
{
    private const int SlicesAtOnce = 8;

    /// <summary>From here on no listing goes on and no slice is begun; what is being worked on is finished.</summary>
    public async Task StopAsync(BatchId id, CancellationToken cancellationToken)
    {
        // The header first: if we die behind it, the batch's watch does the rest.
        await jobs.CancelAsync(id, cancellationToken);
        if (await jobs.FindBatchAsync(id, cancellationToken) is { Listing: { } listing } batch)
        {
            // A lister that is at it can add no more, for the header has another version.
            await jobs.FindAddedAsync(batch with { Listing = null, Total = listing.Listed }, [], cancellationToken);
        }

        var open = await OpenAsync(id, cancellationToken).Where(slice => !slice.IsCanceled).ToListAsync(cancellationToken);
        await jobs.CancelSlicesAsync(id, open, cancellationToken);
        LogStopped(id, open.Count);
    }

    /// <summary>Writes "canceled" for all that has no result, for so long; who comes next goes on.</summary>
    public async Task EndAsync(BatchId id, TimeSpan longest, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var open = OpenAsync(id, cancellationToken).TakeWhile(_ => clock.GetElapsedTime(started) < longest);

        await Parallel.ForEachAsync(
            open,
            new ParallelOptions { MaxDegreeOfParallelism = SlicesAtOnce, CancellationToken = cancellationToken },
            async (progress, token) =>
            {
                if (await jobs.FindSliceAsync(id, progress.Number, token) is { IsDone: false } slice)
                {
                    await slices.CancelAsync(id, slice, token);
                }
            });
    }

    private IAsyncEnumerable<SliceProgress> OpenAsync(BatchId id, CancellationToken cancellationToken) =>
        jobs.ListSlicesAsync(id, cancellationToken).Where(slice => !slice.IsDone);

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} was canceled: {Slices} slices do not run")]
    private partial void LogStopped(BatchId batchId, int slices);
}
