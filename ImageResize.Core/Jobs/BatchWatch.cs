using System.Diagnostics;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs.Callbacks;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Jobs;

/// <summary>
/// Looks after a batch until its end: sums its slices, puts idle ones on the queue again, and writes that it has ended.
/// Driven by a message of its own that comes back every few seconds, so it outlives any process.
/// </summary>
public sealed partial class BatchWatch(
    IJobStore jobs,
    IJobQueue queue,
    BatchCanceler canceler,
    IdleSlices idle,
    TimeProvider clock,
    ILogger<BatchWatch> logger)
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(60);

    /// <summary>For the batch's rows: a minute of <see cref="FirstDelay"/>.</summary>
    private const int MostWaits = 12;

    /// <summary>How long one visit may write "canceled"; the next one goes on.</summary>
    private static readonly TimeSpan TimeToCancel = TimeSpan.FromSeconds(60);

    public async Task WatchAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(message.Batch, cancellationToken) is not { } batch)
        {
            await WaitForRowsAsync(message, cancellationToken);
            return;
        }

        if (batch.IsCanceled)
        {
            // Whoever canceled it may have died half-way, or had no time for all of it.
            await canceler.StopAsync(batch.Id, cancellationToken);
            await canceler.EndAsync(batch.Id, TimeToCancel, cancellationToken);
            batch = await jobs.FindBatchAsync(batch.Id, cancellationToken) ?? batch;
        }

        var sum = await SliceSum.OfAsync(jobs, batch.Id, cancellationToken);

        // Not while the folder is being listed: the lister writes the same row, and only if nobody else has.
        if (sum.Counts != batch.Counts && batch.Listing is null)
        {
            await jobs.SaveCountsAsync(batch.Id, sum.Counts, cancellationToken);
        }

        if (batch.Listing is null && sum.Open.Count == 0)
        {
            await EndAsync(batch, sum, cancellationToken);
            return;
        }

        await RequeueAsync(batch, sum, cancellationToken);
        await queue.PutAsync(
            message with { Round = message.Round + 1, Trace = Activity.Current?.Id },
            DelayBefore(message.Round + 1),
            cancellationToken);
    }

    /// <summary>5, 5, 10, 20, 40, 60, 60... seconds: small batches end soon, long ones cost little.</summary>
    internal static TimeSpan DelayBefore(int round)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Clamp(round - 1, 0, 10));

        return delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>The watch is put before the rows, which can still be on their way; after <see cref="MostWaits"/> whoever was to write them has died.</summary>
    private async Task WaitForRowsAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        if (message.Waits < MostWaits)
        {
            await queue.PutAsync(message with { Waits = message.Waits + 1 }, FirstDelay, cancellationToken);
            return;
        }

        LogExpired(message.Batch);
    }

    /// <summary>
    /// Whoever dies between two of these steps leaves the watch's message behind, and with it the steps that are missing. What the
    /// callback says is decided first, once; the message comes last, so that a receiver who asks finds the batch ended.
    /// </summary>
    private async Task EndAsync(Batch batch, SliceSum sum, CancellationToken cancellationToken)
    {
        var callback = batch.Callback is null
            ? null
            : await jobs.AddCallbackAsync(
                batch.Id,
                new CallbackStatus(clock.GetUtcNow(), sum.Jobs, sum.Counts) { IsCanceled = batch.IsCanceled },
                cancellationToken);

        if (await jobs.TryEndAsync(batch.Id, cancellationToken))
        {
            LogEnded(batch.Id, sum.Counts.Succeeded, sum.Counts.Failed);
        }

        if (callback is { State: CallbackState.Pending, Attempts: 0 })
        {
            await queue.PutAsync(
                new WorkMessage(WorkKind.Callback, batch.Id, Trace: Activity.Current?.Id, Lane: WorkLane.Bulk),
                TimeSpan.Zero,
                cancellationToken);
        }
    }

    /// <summary>Only when nothing of the batch has moved for a lease.</summary>
    private async Task RequeueAsync(Batch batch, SliceSum sum, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() - sum.LastTouched < idle.Lease)
        {
            return;
        }

        if (batch.Listing is not null)
        {
            await queue.PutAsync(new WorkMessage(WorkKind.List, batch.Id, Round: 1, Lane: WorkLane.Bulk), TimeSpan.Zero, cancellationToken);
            LogListingRequeued(batch.Id);
        }

        await idle.RequeueAsync(batch, sum.Open, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} has ended: {Succeeded} succeeded, {Failed} failed")]
    private partial void LogEnded(BatchId batchId, int succeeded, int failed);

    [LoggerMessage(LogLevel.Warning, "Batch {BatchId}: its listing was put on the queue again")]
    private partial void LogListingRequeued(BatchId batchId);

    [LoggerMessage(LogLevel.Warning, "Batch {BatchId} is not known, or no longer: its watch ends")]
    private partial void LogExpired(BatchId batchId);
}
