using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>Tells how a batch and its jobs stand.</summary>
public sealed class BatchReader(IJobStore jobs, JobReader reader, IOptions<JobsOptions> options, TimeProvider clock)
{
    /// <summary>Up to so many slices are summed for every question; above, the header's last sum is the answer.</summary>
    private const int MostSlicesSummed = 1_000;

    /// <returns>Null when there is no such batch; its state in <see cref="JobState"/> says whether it has expired.</returns>
    public async Task<BatchStatus?> FindAsync(BatchId id, CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(id, cancellationToken) is not { } batch)
        {
            return null;
        }

        if (batch.IsSingle)
        {
            return await OfSingleAsync(batch, cancellationToken);
        }

        if ((batch.Total ?? batch.Listing?.Listed) / batch.SliceSize > MostSlicesSummed)
        {
            return new BatchStatus(batch, batch.Counts, clock.GetUtcNow());
        }

        var sum = await SliceSum.OfAsync(jobs, id, cancellationToken);

        return new BatchStatus(batch, sum.Counts, sum.LastTouched);
    }

    /// <summary>Whether the id is of a day whose results have been dropped.</summary>
    public bool IsExpired(BatchId id) => id.Day < Retention.FirstDayKept(clock.GetUtcNow(), options.Value.RetentionDays);

    /// <summary>The jobs of a block in order, from one on.</summary>
    /// <param name="from">The first job's number.</param>
    /// <param name="state">Only jobs of this state; blocks that can have none are not read.</param>
    public async Task<JobPage> ListAsync(Batch batch, int from, JobState? state, CancellationToken cancellationToken)
    {
        var listed = batch.Total ?? batch.Listing?.Listed ?? 0;
        var mayMatch = state is null || batch.IsSingle ? null : await SlicesWithAsync(batch, state.Value, cancellationToken);

        for (var first = from - (from % SliceSizes.Block); first < listed; first += SliceSizes.Block)
        {
            var page = new List<(JobId, string, JobStatus)>();
            for (var job = first; job < Math.Min(first + SliceSizes.Block, listed); job += batch.SliceSize)
            {
                var number = job / batch.SliceSize;
                if (mayMatch is null || mayMatch.Contains(number))
                {
                    page.AddRange(await ReadSliceAsync(batch, number, cancellationToken));
                }
            }

            page.RemoveAll(job => job.Item1.Item < from || (state is not null && job.Item3.State != state));
            if (page.Count > 0)
            {
                return new JobPage(page, first + SliceSizes.Block < listed ? first + SliceSizes.Block : null);
            }
        }

        return new JobPage([], Next: null);
    }

    private async Task<List<(JobId Id, string Source, JobStatus Status)>> ReadSliceAsync(Batch batch, int number, CancellationToken cancellationToken)
    {
        if (await jobs.FindSliceAsync(batch.Id, number, cancellationToken) is not { } slice)
        {
            return [];
        }

        var results = await jobs.FindResultsAsync(batch.Id, slice, cancellationToken);
        var unfinished = new JobStatus(JobState.Queued);

        return [.. slice.Jobs.Select((job, i) => (
            new JobId(batch.Id, batch.IsSingle ? null : slice.First + i),
            job.Source,
            results.TryGetValue(slice.First + i, out var result) ? JobReader.StatusOf(result) : unfinished))];
    }

    private async Task<HashSet<int>> SlicesWithAsync(Batch batch, JobState state, CancellationToken cancellationToken) =>
        await jobs.ListSlicesAsync(batch.Id, cancellationToken)
            .Where(slice => state switch
            {
                JobState.Succeeded => slice.Counts.Succeeded > 0 || !slice.IsDone,
                JobState.Failed => slice.Counts.Failed > 0 || !slice.IsDone,
                JobState.Canceled => slice.Counts.Canceled > 0 || !slice.IsDone,
                _ => !slice.IsDone,
            })
            .Select(slice => slice.Number)
            .ToHashSetAsync(cancellationToken: cancellationToken);

    private async Task<BatchStatus> OfSingleAsync(Batch batch, CancellationToken cancellationToken)
    {
        var status = await reader.FindAsync(new JobId(batch.Id), cancellationToken);
        var counts = status.State switch
        {
            JobState.Succeeded => new JobCounts(1, 0),
            JobState.Failed => new JobCounts(0, 1),
            JobState.Canceled => new JobCounts(0, 0, 1),
            _ => default,
        };

        return new BatchStatus(batch, counts, status.Result?.FinishedAt ?? batch.Id.SubmittedAt);
    }
}
