using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Jobs;

/// <summary>Stops what of a batch has not run. What is being worked on is finished.</summary>
public sealed partial class BatchCanceler(IJobStore jobs, ILogger<BatchCanceler> logger)
{
    public async Task CancelAsync(Batch batch, CancellationToken cancellationToken)
    {
        // The header first: if we die behind it, the batch's watch marks the slices.
        await jobs.CancelAsync(batch.Id, cancellationToken);
        var open = await jobs.ListSlicesAsync(batch.Id, cancellationToken).Where(slice => !slice.IsOver).ToListAsync(cancellationToken);
        await jobs.CancelSlicesAsync(batch.Id, open, cancellationToken);
        LogCanceled(batch.Id, open.Count);
    }

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} was canceled: {Slices} slices do not run")]
    private partial void LogCanceled(BatchId batchId, int slices);
}
