using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Batches.Processing;

/// <summary>Runs the open jobs of a slice within its time budget.</summary>
public sealed class SliceRun(
    IJobStore jobs,
    SliceResults results,
    JobRunner runner,
    CallerSlots slots,
    IOptions<BatchOptions> options,
    TimeProvider clock)
{
    /// <summary>
    /// Runs a slice's jobs in parallel and returns their results, which are not stored yet. The jobs of a suspect slice run one at a time
    /// in a child process, and each result is stored at once: it stands whatever the next job does. There, a fault ends its own job only,
    /// so that one job that always fails does not fail the others.
    /// </summary>
    /// <param name="before">The stored results, whose jobs are skipped.</param>
    /// <returns>A delay if nothing was done, because many messages of the caller are waiting already.</returns>
    public async Task<(IReadOnlyDictionary<int, JobResult> Results, ExceptionDispatchInfo? Fault, TimeSpan? ReturnsAfter)> RunAsync(
        SliceMessage message,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> before,
        bool isSuspect,
        CancellationToken cancellationToken)
    {
        var poll = new CancellationPoll(jobs, message.Batch, slice.Number, clock);
        var priority = runner.TakePriority(isUrgent: message.Priority == MessagePriority.Interactive, message.Caller);
        var done = new ConcurrentDictionary<int, JobResult>();
        ExceptionDispatchInfo? fault = null;
        using var slot = await TakeSlotAsync(message, cancellationToken);
        if (slot is { ReturnsAfter: { } delay })
        {
            return (done, null, delay);
        }

        var started = clock.GetTimestamp();

        await Parallel.ForEachAsync(
            slice.JobsWithout(before),
            new ParallelOptions { MaxDegreeOfParallelism = isSuspect ? 1 : runner.MaxParallelJobs },
            async (job, _) =>
            {
                if (IsStopped())
                {
                    return;
                }

                try
                {
                    if (!await poll.IsCanceledAsync(cancellationToken))
                    {
                        var id = new JobId(message.Batch, slice.IsSingle ? null : job.Number);
                        var result = await runner.RunAsync(id, job.Job, priority, isSuspect, cancellationToken);
                        done[job.Number] = isSuspect ? await StoreAsync(message.Batch, slice, job.Number, result) : result;
                    }
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    // The host is stopping: open jobs continue in a new message, as after a used-up budget.
                }
                catch (Exception exception)
                {
                    fault = ExceptionDispatchInfo.Capture(exception);
                }
            });

        return (new Dictionary<int, JobResult>(done), fault, null);

        bool IsStopped() =>
            (fault is { SourceException: not ThumbnailStoreException } && !isSuspect)
            || cancellationToken.IsCancellationRequested
            || clock.GetElapsedTime(started).TotalSeconds > options.Value.SliceBudgetSeconds;
    }

    /// <returns>Null if the host is stopping.</returns>
    private async Task<CallerSlot?> TakeSlotAsync(SliceMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await slots.TakeAsync(message, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <returns>The stored result.</returns>
    private async Task<JobResult> StoreAsync(BatchId batch, Slice slice, int job, JobResult result)
    {
        var stored = await results.AddAsync(batch, slice, new Dictionary<int, JobResult> { [job] = result }, CancellationToken.None);

        return stored[job];
    }
}
