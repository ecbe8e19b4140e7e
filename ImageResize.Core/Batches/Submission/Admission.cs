using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Core.Quotas;

namespace ImageResize.Core.Batches.Submission;

/// <summary>
/// Admits batches while their caller's open work is within its limit. Before it refuses one, it reads whether other processes have finished
/// work that this process still counts.
/// </summary>
public sealed class Admission(IJobStore jobs, OpenWork open, DailyBytes bytes, MessageThrottle throttle, TimeProvider clock)
{
    /// <summary>The number of batches that are read before a refusal, at most once a second for each caller.</summary>
    private const int MaxReviewed = 100;

    private const int ParallelReads = 8;

    /// <summary>The rows of a younger batch may not be stored yet.</summary>
    private static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <exception cref="RefusedException">The caller has too much open work, or has used up the bytes of this day.</exception>
    public async Task AdmitAsync(Batch batch, Workload work, CancellationToken cancellationToken)
    {
        bytes.EnsureRoom(batch.Caller);
        if (!open.TryAdd(batch.Id, batch.Caller, work))
        {
            await ReviewAsync(batch.Caller, cancellationToken);
            if (!open.TryAdd(batch.Id, batch.Caller, work))
            {
                throw TooMuch(batch.Caller, work);
            }
        }
    }

    /// <summary>Called before a large request is read.</summary>
    /// <exception cref="RefusedException">The caller's open work has reached its limit.</exception>
    public async Task EnsureRoomAsync(string? caller, CancellationToken cancellationToken)
    {
        bytes.EnsureRoom(caller);
        if (open.SecondsOf(caller) < open.Limit)
        {
            return;
        }

        await ReviewAsync(caller, cancellationToken);
        if (open.SecondsOf(caller) >= open.Limit)
        {
            throw TooMuch(caller, default);
        }
    }

    /// <summary>How long a message should stay invisible, so that it does not delay those of other callers.</summary>
    public TimeSpan GetDelay(SliceMessage message) => throttle.FindReturn(message) ?? TimeSpan.Zero;

    /// <summary>The batch could not be stored.</summary>
    public void Withdraw(Batch batch) => open.Remove(batch.Id);

    private Task ReviewAsync(string? caller, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            open.TakeOldest(caller, MaxReviewed),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (id, token) => await ReviewAsync(id, token));

    private async Task ReviewAsync(BatchId id, CancellationToken cancellationToken)
    {
        switch (await jobs.FindBatchAsync(id, cancellationToken))
        {
            case null when clock.GetUtcNow() - id.SubmittedAt > MinimumAge:
                open.Remove(id);
                break;
            case { IsSingle: true } when await jobs.FindResultAsync(new JobId(id), cancellationToken) is not null:
                open.Remove(id);
                break;
            case { Total: { } total, IsSingle: false } batch:
                open.SetOpen(id, total - batch.Counts.Finished);
                break;
            default:
                break;
        }
    }

    private RefusedException TooMuch(string? caller, Workload work)
    {
        var seconds = open.SecondsOf(caller);
        var excess = Math.Min(seconds, seconds + work.Seconds - open.Limit);
        var wait = TimeSpan.FromSeconds(excess / Environment.ProcessorCount);

        return new RefusedException(
            ErrorCode.TooMuchOpenWork,
            $"Your unfinished jobs need about {seconds:F0} seconds of processor time and this request {work.Seconds:F0}. Together they may "
            + $"need {open.Limit} (OpenSeconds). Try again when some have finished, or cancel batches.")
        {
            RetryAfter = wait < MaxRetryAfter ? wait : MaxRetryAfter,
        };
    }
}
