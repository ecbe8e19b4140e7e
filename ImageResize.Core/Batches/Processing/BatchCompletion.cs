using System.Diagnostics;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Core.Quotas;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Batches.Processing;

/// <summary>Ends a batch whose jobs all have a result, and starts its callback.</summary>
public sealed partial class BatchCompletion(
    IJobStore jobs,
    ICallbackStore callbacks,
    IMessageQueue queue,
    OpenWork open,
    TimeProvider clock,
    ILogger<BatchCompletion> logger)
{
    /// <summary>
    /// If the process ends between two steps, the watch message is delivered again and the missing steps follow. The content of the
    /// callback is stored first, so that it never changes. Its message is sent last, so that a receiver that asks finds the batch ended.
    /// </summary>
    internal async Task EndAsync(Batch batch, SliceTotals totals, CancellationToken cancellationToken)
    {
        open.Remove(batch.Id);
        var callback = batch.Callback is null
            ? null
            : await callbacks.AddOrGetAsync(
                batch.Id,
                new CallbackStatus(clock.GetUtcNow(), totals.Jobs, totals.Counts) { IsCanceled = batch.IsCanceled },
                cancellationToken);

        if (await jobs.TryEndAsync(batch.Id, cancellationToken))
        {
            LogEnded(batch.Id, totals.Counts.Succeeded, totals.Counts.Failed);
        }

        if (callback is { State: CallbackState.Pending, Attempts: 0 })
        {
            var message = new CallbackMessage(batch.Id) { Trace = Activity.Current?.Id, Caller = batch.Caller };
            await queue.SendAsync(message, TimeSpan.Zero, cancellationToken);
        }
    }

    [LoggerMessage(
        3003,
        LogLevel.Information,
        "Batch {BatchId} has ended: {Succeeded} succeeded, {Failed} failed",
        EventName = "BatchCompletionEnded")]
    private partial void LogEnded(BatchId batchId, int succeeded, int failed);
}
