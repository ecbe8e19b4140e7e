using ImageResize.Core.Jobs;
using ImageResize.Core.Quotas;

namespace ImageResize.Core.Batches.Submission;

/// <summary>Retries the failed jobs of an ended batch as a new batch, because a finished job never changes.</summary>
public sealed class BatchRetry(BatchSubmitter submitter, FailedJobs failedJobs)
{
    /// <returns>The new batch, with the same callback; null if no job has failed.</returns>
    public async Task<Batch?> RetryFailedAsync(BatchStatus ended, CancellationToken cancellationToken)
    {
        var (batch, count) = (ended.Batch, ended.Counts.Failed);
        if (count == 0)
        {
            return null;
        }

        var retry = submitter.NewBatch() with { Name = batch.Name, Callback = batch.Callback, RetryOf = batch.Id.ToString() };
        if (count > BatchSubmitter.MaxDirectJobs)
        {
            var listing = new Listing(Folder: null, Actions: null) { FailedOf = batch.Id.ToString() };

            return await submitter.SubmitListingAsync(retry, listing, BatchEstimate.OfUnknown(actions: null, count), cancellationToken);
        }

        var toDo = await failedJobs.ListAsync(batch.Id, from: 0, cancellationToken)
            .Select(failed => failed.Job)
            .ToListAsync(cancellationToken);

        return await submitter.SubmitAsync(retry, toDo, cancellationToken);
    }
}
