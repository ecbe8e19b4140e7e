using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Jobs;

/// <summary>
/// Ends the jobs of a slice that are not to run any more. "Canceled" is a result like any other, and the first result of a job stands:
/// a worker that was still at it finds its own too late, and no caller ever sees a job canceled and later succeeded.
/// </summary>
public sealed class SliceCanceler(IJobStore jobs, TimeProvider clock)
{
    public async Task CancelAsync(BatchId batch, Slice slice, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var canceled = slice.Jobs.Index().ToDictionary(
            job => slice.First + job.Index,
            job => new JobResult(job.Item.Source, now) { IsCanceled = true });

        var standing = await jobs.AddResultsAsync(batch, slice, canceled, cancellationToken);
        WorkMeter.CountFinished(canceled, standing);
        await jobs.SaveProgressAsync(batch, slice.Number, isDone: true, JobCounts.Of(standing.Values), cancellationToken);
    }
}
