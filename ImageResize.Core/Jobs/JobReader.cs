using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>Tells how a job stands. A finished one costs one point read.</summary>
public sealed class JobReader(IJobStore jobs, IOptions<JobsOptions> options, TimeProvider clock)
{
    /// <summary>How far another machine's clock may be ahead of ours when it makes an id.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

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
            return new JobStatus(result.Error is null ? JobState.Succeeded : JobState.Failed, result);
        }

        var isKnown = await jobs.FindBatchAsync(id.Batch, cancellationToken) is { } batch
            && batch.IsSingle == (id.Number is null)
            && id.Item < (batch.Total ?? batch.Listing?.Listed);

        return new JobStatus(isKnown ? JobState.Queued : JobState.Unknown);
    }
}
