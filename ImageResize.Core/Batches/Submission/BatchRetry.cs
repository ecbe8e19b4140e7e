using ImageResize.Core.Jobs;
using ImageResize.Core.Quotas;

namespace ImageResize.Core.Batches.Submission;

/// <summary>Retries jobs of an ended batch as a new batch, because a finished job never changes.</summary>
public sealed class BatchRetry(BatchSubmitter submitter, FailedJobs failedJobs)
{
    /// <returns>The new batch, with the same callback; null if there is no such job.</returns>
    public async Task<Batch?> RetryAsync(BatchStatus ended, RetryFilter filter, CancellationToken cancellationToken)
    {
        var (batch, count) = (ended.Batch, filter.CountIn(ended.Counts));
        if (count == 0)
        {
            return null;
        }

        var retry = submitter.NewBatch() with
        {
            Name = batch.Name,
            Callback = batch.Callback,
            RetryOf = batch.Id.ToString(),
            IsListed = true,
        };
        if (count > BatchSubmitter.MaxDirectJobs)
        {
            var listing = new Listing(Folder: null, Actions: null) { FailedOf = batch.Id.ToString(), Retry = filter };

            return await submitter.SubmitListingAsync(retry, listing, BatchEstimate.OfUnknown(actions: null, count), cancellationToken);
        }

        var toDo = await failedJobs.ListAsync(batch.Id, from: 0, filter, cancellationToken)
            .Select(failed => failed.Job)
            .ToListAsync(cancellationToken);

        return toDo.Count == 0 ? null : await submitter.SubmitAsync(retry, toDo, cancellationToken);
    }
}
