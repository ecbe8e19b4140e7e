using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>Tells how a job stands. A finished one costs one point read.</summary>
public sealed class JobReader(IJobStore jobs, IdleSlices idle, IOptions<JobsOptions> options, TimeProvider clock)
{
    /// <summary>How far another machine's clock may be ahead of ours when it makes an id.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers when the job has ended, or when the time is up.</summary>
    public async Task<JobStatus> WaitAsync(JobId id, TimeSpan longest, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var status = await FindAsync(id, cancellationToken);
        for (var pause = ShortestLook; status.State == JobState.Queued && clock.GetElapsedTime(started) < longest;)
        {
            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 2 < LongestLook ? pause * 2 : LongestLook;
            if (await jobs.FindResultAsync(id, cancellationToken) is { } result)
            {
                status = StatusOf(result);
            }
        }

        return status;
    }

    public async Task<JobStatus> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (id.Batch.SubmittedAt > now + ClockSkew)
        {
            return new JobStatus(JobState.Unknown);
        }

        if (id.Batch.Day < Retention.FirstDayKept(now, options.Value.RetentionDays))
        {
            return new JobStatus(JobState.Expired);
        }

        if (await jobs.FindResultAsync(id, cancellationToken) is { } result)
        {
            return StatusOf(result);
        }

        if (await jobs.FindBatchAsync(id.Batch, cancellationToken) is not { } batch
            || batch.IsSingle != (id.Number is null)
            || !(id.Item < (batch.Total ?? batch.Listing?.Listed)))
        {
            return new JobStatus(JobState.Unknown);
        }

        await idle.RequeueSingleAsync(batch, cancellationToken);

        return new JobStatus(JobState.Queued);
    }

    internal static JobStatus StatusOf(JobResult result) => result switch
    {
        { IsCanceled: true } => new JobStatus(JobState.Canceled),
        { Error: null } => new JobStatus(JobState.Succeeded, result),
        _ => new JobStatus(JobState.Failed, result),
    };
}
