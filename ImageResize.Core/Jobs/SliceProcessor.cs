using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Scheduling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>Carries out the jobs of one slice. Safe to call again for the same message: the queue delivers at least once.</summary>
public sealed partial class SliceProcessor(
    IJobStore jobs,
    IJobQueue queue,
    JobProcessor processor,
    SliceCanceler canceler,
    GuardedThumbnailer thumbnailer,
    IOptions<JobsOptions> options,
    TimeProvider clock,
    ILogger<SliceProcessor> logger)
{
    private static readonly Dictionary<int, JobResult> None = [];

    /// <param name="delivery">How often this message has been handed out, this time included.</param>
    public async Task ProcessAsync(WorkMessage message, long delivery, CancellationToken cancellationToken)
    {
        if (await FindOpenAsync(message, cancellationToken) is not { } slice)
        {
            return;
        }

        // Whoever had it before has not settled it: perhaps it died, and perhaps of one of these pictures.
        var isSuspect = delivery > 1 || message.Round > 0;
        var isFirst = !isSuspect && !message.GoesOn;
        var standing = isFirst ? None : await jobs.FindResultsAsync(message.Batch, slice, cancellationToken);
        var (results, fault) = await WorkAsync(message, slice, standing, isSuspect, cancellationToken);

        // What is finished is kept, also when a fault sends the message back or the host is stopping.
        var added = isSuspect ? results : await AddAsync(message.Batch, slice, results, CancellationToken.None);
        var counts = await SaveProgressAsync(message.Batch, slice, standing, added, CancellationToken.None);
        fault?.Throw();

        if (counts.Finished < slice.Jobs.Count)
        {
            LogGoesOn(message.Batch, slice.Number, slice.Jobs.Count - counts.Finished);
            var rest = message with { GoesOn = true, Round = isSuspect ? Math.Max(message.Round, 1) : 0 };
            await queue.PutAsync(rest, TimeSpan.Zero, CancellationToken.None);
            return;
        }

        WorkMeter.CountSlice();
        LogDone(message.Batch, slice.Number, counts.Succeeded, counts.Failed);
    }

    /// <summary>Writes "failed" for what has no result after the last try, so that no caller waits for ever.</summary>
    public async Task GiveUpAsync(WorkMessage message, string reason, CancellationToken cancellationToken)
    {
        if (await FindOpenAsync(message, cancellationToken) is not { } slice)
        {
            return;
        }

        var standing = await jobs.FindResultsAsync(message.Batch, slice, cancellationToken);
        var results = Left(slice, standing).ToDictionary(
            left => left.Number,
            left => processor.Fail(left.Job, ErrorCode.GaveUp.Name, reason));

        var added = await AddAsync(message.Batch, slice, results, cancellationToken);
        await SaveProgressAsync(message.Batch, slice, standing, added, cancellationToken);
        LogGaveUp(message.Batch, slice.Number, results.Count);
    }

    private async Task<Slice?> FindOpenAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        var slice = await jobs.FindSliceAsync(message.Batch, message.Slice, cancellationToken);
        if (slice is null)
        {
            LogUnknown(message.Batch, message.Slice);
        }

        if (slice is { IsCanceled: true, IsDone: false })
        {
            await canceler.CancelAsync(message.Batch, slice, cancellationToken);
            return null;
        }

        return slice is { IsDone: false } ? slice : null;
    }

    /// <summary>
    /// Side by side at first. Of a suspect slice one at a time, in a child, and each result is written at once: whatever happens behind it,
    /// it stands. There a fault ends its own job's turn alone, so that one job that always fails takes no neighbours along.
    /// </summary>
    private async Task<(Dictionary<int, JobResult> Results, ExceptionDispatchInfo? Fault)> WorkAsync(
        WorkMessage message,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> standing,
        bool isSuspect,
        CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var look = new CancelLook(jobs, message.Batch, slice.Number, clock);
        var turn = thumbnailer.TakePriority(isUrgent: message.Lane == WorkLane.Small);
        var results = new ConcurrentDictionary<int, JobResult>();
        ExceptionDispatchInfo? fault = null;

        await Parallel.ForEachAsync(
            Left(slice, standing),
            new ParallelOptions { MaxDegreeOfParallelism = isSuspect ? 1 : thumbnailer.Width + 1 },
            async (left, _) =>
            {
                if ((fault is { SourceException: not OutputFaultException } && !isSuspect)
                    || cancellationToken.IsCancellationRequested
                    || clock.GetElapsedTime(started).TotalSeconds > options.Value.SliceBudgetSeconds)
                {
                    return;
                }

                try
                {
                    if (!await look.IsCanceledAsync(cancellationToken))
                    {
                        var id = new JobId(message.Batch, slice.IsSingle ? null : left.Number);
                        var result = await processor.ProcessAsync(id, left.Job, turn, isSuspect, cancellationToken);
                        results[left.Number] = isSuspect ? await AddAsync(message.Batch, slice, left.Number, result) : result;
                    }
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    // The host is stopping: what is left travels on as after a used-up budget.
                }
                catch (Exception exception)
                {
                    fault = ExceptionDispatchInfo.Capture(exception);
                }
            });

        return (new Dictionary<int, JobResult>(results), fault);
    }

    /// <returns>The result that stands.</returns>
    private async Task<JobResult> AddAsync(BatchId batch, Slice slice, int job, JobResult result) =>
        (await AddAsync(batch, slice, new Dictionary<int, JobResult> { [job] = result }, CancellationToken.None))[job];

    /// <returns>The results that stand.</returns>
    private async Task<IReadOnlyDictionary<int, JobResult>> AddAsync(
        BatchId batch,
        Slice slice,
        Dictionary<int, JobResult> results,
        CancellationToken cancellationToken)
    {
        if (results.Count == 0)
        {
            return None;
        }

        var standing = await jobs.AddResultsAsync(batch, slice, results, cancellationToken);
        WorkMeter.CountFinished(results, standing);

        return standing;
    }

    private async Task<JobCounts> SaveProgressAsync(
        BatchId batch,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> standing,
        IReadOnlyDictionary<int, JobResult> added,
        CancellationToken cancellationToken)
    {
        var counts = JobCounts.Of(standing.Values) + JobCounts.Of(added.Values);
        if (counts.Finished < slice.Jobs.Count)
        {
            // Others may have written the rest, or canceled it: the counts are always those of the rows.
            counts = JobCounts.Of((await jobs.FindResultsAsync(batch, slice, cancellationToken)).Values);
        }

        if (!slice.IsUnwatched)
        {
            await jobs.SaveProgressAsync(batch, slice.Number, counts.Finished == slice.Jobs.Count, counts, cancellationToken);
        }

        return counts;
    }

    private static IEnumerable<(int Number, Job Job)> Left(Slice slice, IReadOnlyDictionary<int, JobResult> standing) =>
        slice.Jobs
            .Select((job, i) => (Number: slice.First + i, Job: job))
            .Where(numbered => !standing.ContainsKey(numbered.Number));

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} slice {Slice} is done: {Succeeded} succeeded, {Failed} failed")]
    private partial void LogDone(BatchId batchId, int slice, int succeeded, int failed);

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} slice {Slice} is not done in its time: {Jobs} jobs travel on")]
    private partial void LogGoesOn(BatchId batchId, int slice, int jobs);

    [LoggerMessage(LogLevel.Error, "Batch {BatchId} slice {Slice} was given up: {Jobs} jobs failed")]
    private partial void LogGaveUp(BatchId batchId, int slice, int jobs);

    [LoggerMessage(LogLevel.Warning, "Batch {BatchId} slice {Slice} is not known, or no longer: its message is dropped")]
    private partial void LogUnknown(BatchId batchId, int slice);
}
