using System.Runtime.CompilerServices;
using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>Finds the failed jobs of a batch, a slice of them in memory at a time.</summary>
public sealed class FailedJobs(IJobStore jobs)
{
    /// <param name="from">The number of the job to begin at.</param>
    /// <returns>The jobs in order, each with its number; none when the batch has been dropped.</returns>
    public async IAsyncEnumerable<(int Number, Job Job)> ListAsync(
        BatchId id,
        int from,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(id, cancellationToken) is not { } batch)
        {
            yield break;
        }

        // The only slice of a single job keeps no counts.
        var slices = jobs.ListSlicesAsync(id, cancellationToken)
            .Where(slice => slice.Number >= from / batch.SliceSize && (slice.Counts.Failed > 0 || batch.IsSingle));
        await foreach (var progress in slices)
        {
            var slice = (await jobs.FindSliceAsync(id, progress.Number, cancellationToken))!;
            var results = await jobs.FindResultsAsync(id, slice, cancellationToken);
            foreach (var (i, job) in slice.Jobs.Index())
            {
                if (slice.First + i >= from && results.GetValueOrDefault(slice.First + i) is { Error: not null })
                {
                    yield return (slice.First + i, job);
                }
            }
        }
    }
}
