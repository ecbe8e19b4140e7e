namespace ImageResize.Core.Jobs.Requests;

/// <summary>Makes a new batch of the failed jobs of one that has ended: a finished job never changes.</summary>
public sealed class BatchRetrier(FailedJobs failed, JobSubmitter submitter)
{
    /// <returns>The new batch, which calls back where the first one did; null when nothing has failed.</returns>
    public async Task<Batch?> RetryAsync(BatchStatus ended, CancellationToken cancellationToken)
    {
        var (batch, count) = (ended.Batch, ended.Counts.Failed);
        if (count == 0)
        {
            return null;
        }

        var asked = submitter.NewBatch() with { Name = batch.Name, Callback = batch.Callback, RetryOf = batch.Id.ToString() };
        if (count > JobSubmitter.MostDirectJobs)
        {
            return await submitter.SubmitAsync(asked, new Listing(Folder: null, Actions: null) { FailedOf = batch.Id.ToString() }, cancellationToken);
        }

        var toDo = await failed.ListAsync(batch.Id, from: 0, cancellationToken).Select(found => found.Job).ToListAsync(cancellationToken);

        return await submitter.SubmitAsync(asked, toDo, cancellationToken);
    }
}
