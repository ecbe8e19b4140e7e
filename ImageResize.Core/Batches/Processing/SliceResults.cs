using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Core.Batches.Processing;

/// <summary>Writes the results and the progress of slices.</summary>
public sealed class SliceResults(IJobStore jobs, ThumbnailStores thumbnails, OpenWork open)
{
    /// <returns>The stored results of these jobs: a result that another worker wrote first is kept.</returns>
    public async Task<IReadOnlyDictionary<int, JobResult>> AddAsync(
        BatchId batch,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> results,
        CancellationToken cancellationToken)
    {
        if (results.Count == 0)
        {
            return results;
        }

        var stored = await jobs.AddResultsAsync(batch, slice, results, cancellationToken);
        foreach (var (number, result) in results)
        {
            // A job that another worker has ended before is counted there.
            if (ReferenceEquals(stored[number], result))
            {
                WorkMetrics.CountFinished(batch, slice.Jobs[number - slice.First], result);
            }
        }

        open.Finish(batch, results.Count);
        await RemoveUnwantedAsync(results, stored, cancellationToken);

        return stored;
    }

    /// <param name="before">The results that were stored before this message.</param>
    /// <param name="added">The results that were added by it.</param>
    /// <returns>The counts of all stored results.</returns>
    public async Task<JobCounts> SaveProgressAsync(
        BatchId batch,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> before,
        IReadOnlyDictionary<int, JobResult> added,
        CancellationToken cancellationToken)
    {
        var counts = JobCounts.Of(before.Values) + JobCounts.Of(added.Values);
        if (counts.Finished < slice.Jobs.Count)
        {
            // Another worker may have written or canceled the rest, and the counts must be those of the rows.
            counts = JobCounts.Of((await jobs.FindResultsAsync(batch, slice, cancellationToken)).Values);
        }

        if (!slice.IsUnwatched)
        {
            await jobs.SaveProgressAsync(batch, slice.Number, counts.Finished == slice.Jobs.Count, counts, cancellationToken);
        }

        return counts;
    }

    /// <summary>Removes thumbnails of jobs that were canceled or deleted while they were made: no result names them.</summary>
    private async Task RemoveUnwantedAsync(
        IReadOnlyDictionary<int, JobResult> results,
        IReadOnlyDictionary<int, JobResult> stored,
        CancellationToken cancellationToken)
    {
        foreach (var (job, result) in results)
        {
            foreach (var thumbnail in stored[job].IsCanceled ? result.Thumbnails ?? [] : [])
            {
                await thumbnails.RemoveCallersAsync(thumbnail.Source, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Ends all jobs of a slice that have no result as canceled. A worker that is still processing one of them then writes its result too
    /// late, so that no caller sees a job first canceled and later succeeded.
    /// </summary>
    public async Task CancelAsync(BatchId batch, Slice slice, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var canceled = slice.Jobs.Index().ToDictionary(
            job => slice.First + job.Index,
            job => new JobResult(job.Item.Source, now) { Name = job.Item.Name, IsCanceled = true });

        var stored = await AddAsync(batch, slice, canceled, cancellationToken);
        await jobs.SaveProgressAsync(batch, slice.Number, isDone: true, JobCounts.Of(stored.Values), cancellationToken);
    }
}
