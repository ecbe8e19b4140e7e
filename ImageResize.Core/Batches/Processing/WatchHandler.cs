using System.Diagnostics;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Batches.Processing;

/// <summary>
/// Watches a batch until its end: sums up its slices, queues idle slices again, and ends the batch. Driven by a message that is sent again
/// every few seconds, so that a watch does not depend on any process.
/// </summary>
public sealed partial class WatchHandler(
    IJobStore jobs,
    IMessageQueue queue,
    BatchCancellation cancellation,
    IdleSlices idle,
    BatchCompletion completion,
    ILogger<WatchHandler> logger) : IMessageHandler<WatchMessage>
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(60);

    /// <summary>How often a watch waits for the batch's rows: a minute of <see cref="BatchSubmitter.FirstWatchDelay"/>.</summary>
    private const int MaxDefers = 12;

    /// <summary>How long one message writes canceled results; the next one continues.</summary>
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(60);

    public async Task HandleAsync(WatchMessage message, long dequeueCount, CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(message.Batch, cancellationToken) is not { } batch)
        {
            await WaitForRowsAsync(message, cancellationToken);
            return;
        }

        if (batch.IsPurged)
        {
            return;
        }

        if (!batch.IsWatched)
        {
            // Its progress is not stored, so its watch would never end.
            LogUnwatched(batch.Id);
            return;
        }

        if (batch.IsCanceled)
        {
            // The request that canceled it may have ended early, or had no time for all slices.
            await cancellation.StopAsync(batch.Id, cancellationToken);
            await cancellation.EndAsync(batch.Id, CancelTimeout, cancellationToken);
            batch = await jobs.FindBatchAsync(batch.Id, cancellationToken) ?? batch;
        }

        var totals = await SliceTotals.ReadAsync(jobs, batch.Id, cancellationToken);

        // Not during a listing: it replaces the same row, and only if no one else has changed it.
        if (totals.Counts != batch.Counts && batch.Listing is null)
        {
            await jobs.SaveCountsAsync(batch.Id, totals.Counts, cancellationToken);
        }

        if (batch.Listing is null && totals.Open.Count == 0)
        {
            await completion.EndAsync(batch, totals, cancellationToken);
            return;
        }

        await RequeueIdleAsync(batch, totals, cancellationToken);
        var next = message with { Round = message.Round + 1, Trace = Activity.Current?.Id };
        await queue.SendAsync(next, DelayBefore(next.Round), cancellationToken);
    }

    /// <summary>
    /// Sends the message again: a watch must not end before its batch. Throws if the batch can't be read, because it can't be watched then.
    /// </summary>
    public async Task GiveUpAsync(WatchMessage message, string reason, CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(message.Batch, cancellationToken) is { IsPurged: false, IsWatched: true })
        {
            await SliceTotals.ReadAsync(jobs, message.Batch, cancellationToken);
            await queue.SendAsync(message, DelayBefore(message.Round), cancellationToken);
        }
    }

    /// <summary>5, 5, 10, 20, 40, 60, 60... seconds: small batches end soon, and large ones cost little.</summary>
    internal static TimeSpan DelayBefore(int round)
    {
        var delay = BatchSubmitter.FirstWatchDelay * Math.Pow(2, Math.Clamp(round - 1, 0, 10));

        return delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>
    /// The watch message is sent before the batch's rows are written. Without rows after a minute, the submission has failed.
    /// </summary>
    private async Task WaitForRowsAsync(WatchMessage message, CancellationToken cancellationToken)
    {
        if (message.DeferCount < MaxDefers)
        {
            await queue.SendAsync(message with { DeferCount = message.DeferCount + 1 }, BatchSubmitter.FirstWatchDelay, cancellationToken);
            return;
        }

        LogUnknown(message.Batch);
    }

    private async Task RequeueIdleAsync(Batch batch, SliceTotals totals, CancellationToken cancellationToken)
    {
        if (!idle.IsIdle(totals.LastTouched))
        {
            return;
        }

        if (batch.Listing is not null)
        {
            await queue.SendAsync(new ListMessage(batch.Id) { Caller = batch.Caller }, TimeSpan.Zero, cancellationToken);
            LogListingRequeued(batch.Id);
        }

        await idle.RequeueAsync(batch, totals.Open, cancellationToken);
    }

    [LoggerMessage(3011, LogLevel.Warning, "Batch {BatchId}: queued its listing again", EventName = "WatchHandlerListingRequeued")]
    private partial void LogListingRequeued(BatchId batchId);

    [LoggerMessage(
        3012,
        LogLevel.Warning,
        "Batch {BatchId} does not exist or has expired; its watch ends",
        EventName = "WatchHandlerUnknown")]
    private partial void LogUnknown(BatchId batchId);

    [LoggerMessage(
        3016,
        LogLevel.Warning,
        "Batch {BatchId} is a single job, which is not watched; the message to watch it was dropped",
        EventName = "WatchHandlerUnwatched")]
    private partial void LogUnwatched(BatchId batchId);
}
