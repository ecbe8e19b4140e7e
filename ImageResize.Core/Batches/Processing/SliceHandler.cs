using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Batches.Processing;

/// <summary>Processes the jobs of a slice, stores their results, and queues the slice again for jobs that are left over.</summary>
public sealed partial class SliceHandler(
    IJobStore jobs,
    IMessageQueue queue,
    SliceRun run,
    SliceResults results,
    TimeProvider clock,
    ILogger<SliceHandler> logger) : IMessageHandler<SliceMessage>
{
    private static readonly Dictionary<int, JobResult> None = [];

    /// <summary>The delay before jobs whose server was busy with other jobs are tried again.</summary>
    private static readonly TimeSpan BusyDelay = TimeSpan.FromSeconds(10);

    public async Task HandleAsync(SliceMessage message, long dequeueCount, CancellationToken cancellationToken)
    {
        // An earlier delivery did not end: perhaps the worker crashed, and perhaps because of one of these images.
        var isSuspect = dequeueCount > 1 || message.IsSuspect;
        if (run.FindReturn(message) is { } early)
        {
            await queue.SendAsync(message with { IsSuspect = isSuspect }, early, CancellationToken.None);
            return;
        }

        if (await FindOpenAsync(message, cancellationToken) is not { } slice)
        {
            return;
        }

        // Thumbnails of uploads and web images are stored for the batch's caller.
        CurrentCaller.Set(message.Caller);

        var isFirst = !isSuspect && !message.IsContinuation;
        var before = isFirst ? None : await jobs.FindResultsAsync(message.Batch, slice, cancellationToken);
        var outcome = await run.RunAsync(message, slice, before, isSuspect, cancellationToken);
        if (outcome.ReturnsAfter is { } delay)
        {
            await queue.SendAsync(message with { IsSuspect = isSuspect }, delay, CancellationToken.None);
            return;
        }

        // Finished jobs are stored even if a fault causes redelivery or the host is stopping.
        var added = await results.AddAsync(message.Batch, slice, outcome.Results, CancellationToken.None);
        var all = added.Concat(outcome.Stored).ToDictionary();
        var counts = await results.SaveProgressAsync(message.Batch, slice, before, all, CancellationToken.None);
        outcome.Fault?.Throw();

        if (counts.Finished < slice.Jobs.Count)
        {
            LogContinues(message.Batch, slice.Number, slice.Jobs.Count - counts.Finished);
            var rest = message with { IsContinuation = true, IsSuspect = isSuspect };
            await queue.SendAsync(rest, outcome.IsBusy ? BusyDelay : TimeSpan.Zero, CancellationToken.None);
            return;
        }

        WorkMetrics.CountSlice();
        LogDone(message.Batch, slice.Number, counts.Succeeded, counts.Failed);
    }

    /// <summary>Fails all jobs that have no result.</summary>
    public async Task GiveUpAsync(SliceMessage message, string reason, CancellationToken cancellationToken)
    {
        if (await FindOpenAsync(message, cancellationToken) is not { } slice)
        {
            return;
        }

        var before = await jobs.FindResultsAsync(message.Batch, slice, cancellationToken);
        var error = new JobError(ErrorCode.GaveUp.Name, reason);
        var failed = slice.JobsWithout(before).ToDictionary(
            open => open.Number,
            open => JobResult.Failed(open.Job, error, clock.GetUtcNow()));

        var added = await results.AddAsync(message.Batch, slice, failed, cancellationToken);
        await results.SaveProgressAsync(message.Batch, slice, before, added, cancellationToken);
        LogGaveUp(message.Batch, slice.Number, failed.Count);
    }

    /// <returns>Null if nothing is left to do, or after the slice's jobs have been canceled.</returns>
    private async Task<Slice?> FindOpenAsync(SliceMessage message, CancellationToken cancellationToken)
    {
        switch (await jobs.FindSliceAsync(message.Batch, message.Slice, cancellationToken))
        {
            case null:
                LogUnknown(message.Batch, message.Slice);
                return null;
            case { IsDone: true }:
                return null;
            case { IsCanceled: true } canceled:
                await results.CancelAsync(message.Batch, canceled, clock.GetUtcNow(), cancellationToken);
                return null;
            case { } open:
                return open;
        }
    }

    [LoggerMessage(
        3007,
        LogLevel.Information,
        "Batch {BatchId} slice {Slice} is done: {Succeeded} succeeded, {Failed} failed",
        EventName = "SliceHandlerDone")]
    private partial void LogDone(BatchId batchId, int slice, int succeeded, int failed);

    [LoggerMessage(
        3008,
        LogLevel.Information,
        "Batch {BatchId} slice {Slice}: {Jobs} jobs are left over and continue in a new message",
        EventName = "SliceHandlerContinues")]
    private partial void LogContinues(BatchId batchId, int slice, int jobs);

    [LoggerMessage(
        3009,
        LogLevel.Error,
        "Batch {BatchId} slice {Slice} was given up: {Jobs} jobs failed",
        EventName = "SliceHandlerGaveUp")]
    private partial void LogGaveUp(BatchId batchId, int slice, int jobs);

    [LoggerMessage(
        3010,
        LogLevel.Warning,
        "Batch {BatchId} slice {Slice} does not exist or has expired; its message was dropped",
        EventName = "SliceHandlerUnknown")]
    private partial void LogUnknown(BatchId batchId, int slice);
}
