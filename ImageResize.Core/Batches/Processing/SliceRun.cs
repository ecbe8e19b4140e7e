using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Batches.Processing;

/// <summary>Runs the open jobs of a slice within its time budget.</summary>
public sealed class SliceRun(
    IJobStore jobs,
    SliceResults results,
    JobRunner runner,
    MessageThrottle throttle,
    IOptions<BatchOptions> options,
    TimeProvider clock)
{
    /// <returns>When a message should be delivered instead, because many messages of its caller are waiting already; else null.</returns>
    public TimeSpan? FindReturn(SliceMessage message) => throttle.FindReturn(message);

    /// <summary>
    /// Runs a slice's jobs in parallel and returns their results, most of which are not stored yet. The jobs of a suspect slice run one
    /// at a time in a child process, and each result is stored at once, so that it is kept if the next job crashes. A fault then ends its
    /// own job only, so that one job that always fails does not fail the others.
    /// </summary>
    /// <param name="before">The stored results, whose jobs are skipped.</param>
    public async Task<SliceOutcome> RunAsync(
        SliceMessage message,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> before,
        bool isSuspect,
        CancellationToken cancellationToken)
    {
        var priority = runner.TakePriority(isUrgent: message.Priority == MessagePriority.Interactive, message.Caller);
        using var place = await throttle.EnterAsync(message with { IsRemote = slice.IsRemote }, cancellationToken);

        return place is { ReturnsAfter: { } delay }
            ? new SliceOutcome(new Dictionary<int, JobResult>(), null) { ReturnsAfter = delay }
            : await RunAsync(message, slice, before, priority, isSuspect, cancellationToken);
    }

    private async Task<SliceOutcome> RunAsync(
        SliceMessage message,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> before,
        ImagePriority priority,
        bool isSuspect,
        CancellationToken cancellationToken)
    {
        var poll = new CancellationPoll(jobs, message.Batch, slice.Number, clock);
        var done = new ConcurrentDictionary<int, JobResult>();
        var partial = new PartialResults(jobs, results, message.Batch, slice, clock);
        ExceptionDispatchInfo? fault = null;
        var isBusy = false;
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
                        done[job.Number] = await runner.RunAsync(id, job.Job, priority, isSuspect, cancellationToken);
                        await (isSuspect ? partial.StoreAsync(Only(job.Number)) : partial.AddAsync(before, done));
                    }
                }
                catch (SourceBusyException)
                {
                    isBusy = true;
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

        var unstored = done.Where(result => !partial.Stored.ContainsKey(result.Key)).ToDictionary();

        return new SliceOutcome(unstored, fault) { IsBusy = isBusy, Stored = partial.Stored };

        Dictionary<int, JobResult> Only(int job) => new() { [job] = done[job] };

        bool IsStopped() =>
            (fault is { SourceException: not ThumbnailStoreException } && !isSuspect)
            || cancellationToken.IsCancellationRequested
            || clock.GetElapsedTime(started).TotalSeconds > options.Value.SliceBudgetSeconds;
    }
}

/// <summary>The result of running a slice.</summary>
/// <param name="Results">Not stored yet.</param>
public sealed record SliceOutcome(IReadOnlyDictionary<int, JobResult> Results, ExceptionDispatchInfo? Fault)
{
    /// <summary>The results that are stored already.</summary>
    public IReadOnlyDictionary<int, JobResult> Stored { get; init; } = new Dictionary<int, JobResult>();

    /// <summary>Whether jobs were left over because the server of their source was busy with other jobs.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Not null if nothing was done, because many messages of the caller are waiting already.</summary>
    public TimeSpan? ReturnsAfter { get; init; }
}
