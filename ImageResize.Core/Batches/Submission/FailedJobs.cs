using System.Runtime.CompilerServices;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Batches.Submission;

/// <summary>Finds the jobs of a batch that can be retried, with one slice in memory at a time.</summary>
public sealed class FailedJobs(IJobStore jobs)
{
    /// <param name="from">The number of the first job.</param>
    /// <param name="filter">Selects failed or canceled jobs.</param>
    /// <returns>The jobs with their numbers, in order; none if the batch has expired.</returns>
    public async IAsyncEnumerable<(int Number, Job Job)> ListAsync(
        BatchId id,
        int from,
        RetryFilter filter,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(id, cancellationToken) is not { } batch)
        {
            yield break;
        }

        // The slice of a single job has no counts.
        var slices = jobs.ListSlicesAsync(id, cancellationToken)
            .Where(slice => slice.Number >= from / batch.SliceSize && (filter.CountIn(slice.Counts) > 0 || batch.IsSingle));
        await foreach (var progress in slices)
        {
            var slice = (await jobs.FindSliceAsync(id, progress.Number, cancellationToken))!;
            var results = await jobs.FindResultsAsync(id, slice, cancellationToken);
            foreach (var (i, job) in slice.Jobs.Index())
            {
                if (slice.First + i >= from && filter.Includes(results.GetValueOrDefault(slice.First + i)))
                {
                    yield return (slice.First + i, job);
                }
            }
        }
    }
}
