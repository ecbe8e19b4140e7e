namespace ImageResize.Core.Jobs.Requests;

/// <summary>Makes a new batch of the failed jobs of one that has ended: a finished job never changes.</summary>
public sealed class BatchRetrier(IJobStore jobs, JobSubmitter submitter)
{
    /// <returns>The new batch; null when nothing has failed.</returns>
    public async Task<Batch?> RetryAsync(Batch batch, CancellationToken cancellationToken)
    {
        var failed = new List<Job>();
        await foreach (var progress in SlicesAsync(batch, cancellationToken))
        {
            if (await jobs.FindSliceAsync(batch.Id, progress, cancellationToken) is not { } slice)
            {
                continue;
            }

            var results = await jobs.FindResultsAsync(batch.Id, slice, cancellationToken);
            failed.AddRange(slice.Jobs.Where((_, i) => results.GetValueOrDefault(slice.First + i) is { Error: not null }));
        }

        var asked = submitter.NewBatch() with { Name = batch.Name, RetryOf = batch.Id.ToString() };

        return failed.Count == 0 ? null : await submitter.SubmitAsync(asked, failed, cancellationToken);
    }

    private IAsyncEnumerable<int> SlicesAsync(Batch batch, CancellationToken cancellationToken) => batch.IsSingle
        ? Enumerable.Range(0, 1).ToAsyncEnumerable()
        : jobs.ListSlicesAsync(batch.Id, cancellationToken).Where(slice => slice.Counts.Failed > 0).Select(slice => slice.Number);
}
