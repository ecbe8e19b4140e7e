using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Quotas;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches;

/// <summary>Reads the status of batches and jobs. A finished job costs one point read.</summary>
public sealed class BatchQueries(IJobStore jobs, IdleSlices idle, RetentionPolicy retention, OpenWork open, TimeProvider clock)
{
    /// <summary>Up to this size, the slices are summed up for each query. Above it, the watch's last sum is returned.</summary>
    private const int MaxSlicesSummed = 1_000;

    /// <summary>How far the clock of another instance can be ahead when it creates an id.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the batch's day has been dropped.</summary>
    public bool IsExpired(BatchId id) => retention.IsExpired(id.Day);

    /// <returns>Null if the batch does not exist or has expired; see <see cref="IsExpired"/>.</returns>
    public async Task<BatchStatus?> FindBatchAsync(BatchId id, CancellationToken cancellationToken)
    {
        var status = await ReadBatchAsync(id, cancellationToken);
        if (status?.Queued is { } queued)
        {
            open.SetOpen(id, queued);
        }

        return status;
    }

    public async Task<JobStatus> GetJobAsync(JobId id, CancellationToken cancellationToken)
    {
        var status = await ReadJobAsync(id, cancellationToken);
        CountFinished(id, status);

        return status;
    }

    private async Task<BatchStatus?> ReadBatchAsync(BatchId id, CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(id, cancellationToken) is not { IsPurged: false } batch)
        {
            return null;
        }

        if (batch.IsSingle)
        {
            return await ReadSingleAsync(batch, cancellationToken);
        }

        if (batch.Listed / batch.SliceSize > MaxSlicesSummed)
        {
            return new BatchStatus(batch, batch.Counts, clock.GetUtcNow());
        }

        var totals = await SliceTotals.ReadAsync(jobs, id, cancellationToken);

        return new BatchStatus(batch, totals.Counts, totals.LastTouched);
    }

    private async Task<JobStatus> ReadJobAsync(JobId id, CancellationToken cancellationToken)
    {
        if (id.Batch.SubmittedAt > clock.GetUtcNow() + ClockSkew)
        {
            return new JobStatus(JobState.Unknown);
        }

        if (IsExpired(id.Batch))
        {
            return new JobStatus(JobState.Expired);
        }

        if (await jobs.FindResultAsync(id, cancellationToken) is { } result)
        {
            return JobStatus.Of(result);
        }

        if (await jobs.FindBatchAsync(id.Batch, cancellationToken) is not { IsPurged: false } batch
            || !batch.Contains(id))
        {
            return new JobStatus(JobState.Unknown);
        }

        await idle.RequeueUnwatchedAsync(batch, cancellationToken);

        return new JobStatus(JobState.Queued);
    }

    /// <summary>Returns when the job has ended, or after the timeout.</summary>
    /// <param name="stopping">Ends the wait early, because the program stops.</param>
    public async Task<JobStatus> WaitForJobAsync(
        JobId id, TimeSpan timeout, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        var started = clock.GetTimestamp();
        var status = await GetJobAsync(id, cancellationToken);
        for (var pause = ShortestPause; status.State == JobState.Queued && clock.GetElapsedTime(started) < timeout;)
        {
            await Task.Delay(pause, clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            if (await jobs.FindResultAsync(id, cancellationToken) is { } result)
            {
                status = JobStatus.Of(result);
            }
        }

        CountFinished(id, status);

        return status;
    }

    /// <summary>Lists a block of a batch's jobs in order.</summary>
    /// <param name="from">The number of the first job.</param>
    /// <param name="state">Lists only jobs in this state; blocks without any are not read.</param>
    public async Task<JobPage> ListJobsAsync(Batch batch, int from, JobState? state, CancellationToken cancellationToken)
    {
        var listed = batch.Listed;
        var candidates = state is null || batch.IsSingle ? null : await FindSlicesWithAsync(batch, state.Value, cancellationToken);

        for (var first = from - (from % SliceSizes.Block); first < listed; first += SliceSizes.Block)
        {
            var end = first + SliceSizes.Block;
            var page = new List<(JobId Id, SourceUri Source, JobStatus Status)>();
            for (var job = first; job < Math.Min(end, listed); job += batch.SliceSize)
            {
                var number = job / batch.SliceSize;
                if (candidates is not null && !candidates.Contains(number))
                {
                    continue;
                }

                if (await ReadSliceAsync(batch, number, cancellationToken) is not { } slice)
                {
                    // The header says more jobs than there are.
                    listed = Math.Min(listed, job);
                    break;
                }

                page.AddRange(slice);
            }

            page.RemoveAll(job =>
                job.Status.State == JobState.Unknown || job.Id.Item < from || (state is not null && job.Status.State != state));
            if (page.Count > 0)
            {
                return new JobPage(page, end < listed ? end : null);
            }
        }

        return new JobPage([], Next: null);
    }

    /// <summary>Another process may have done the work.</summary>
    private void CountFinished(JobId id, JobStatus status)
    {
        if (id.Number is null && status.Result is not null)
        {
            open.Remove(id.Batch);
        }
    }

    private async Task<BatchStatus> ReadSingleAsync(Batch batch, CancellationToken cancellationToken)
    {
        var status = await GetJobAsync(new JobId(batch.Id), cancellationToken);
        var counts = status.State switch
        {
            JobState.Succeeded => new JobCounts(1, 0),
            JobState.Failed => new JobCounts(0, 1),
            JobState.Canceled => new JobCounts(0, 0, 1),
            _ => default,
        };

        return new BatchStatus(batch, counts, status.Result?.FinishedAt ?? batch.Id.SubmittedAt);
    }

    /// <returns>Null if there is no such slice.</returns>
    private async Task<List<(JobId Id, SourceUri Source, JobStatus Status)>?> ReadSliceAsync(
        Batch batch,
        int number,
        CancellationToken cancellationToken)
    {
        if (await jobs.FindSliceAsync(batch.Id, number, cancellationToken) is not { } slice)
        {
            return null;
        }

        var results = await jobs.FindResultsAsync(batch.Id, slice, cancellationToken);
        var queued = new JobStatus(JobState.Queued);

        return [.. slice.Jobs.Select((job, i) => (
            new JobId(batch.Id, batch.IsSingle ? null : slice.First + i),
            job.Source,
            results.TryGetValue(slice.First + i, out var result) ? JobStatus.Of(result) : queued with { Name = job.Name }))];
    }

    private async Task<HashSet<int>> FindSlicesWithAsync(Batch batch, JobState state, CancellationToken cancellationToken) =>
        await jobs.ListSlicesAsync(batch.Id, cancellationToken)
            .Where(slice => !slice.IsDone || state switch
            {
                JobState.Succeeded => slice.Counts.Succeeded > 0,
                JobState.Failed => slice.Counts.Failed > 0,
                JobState.Canceled => slice.Counts.Canceled > 0,
                _ => false,
            })
            .Select(slice => slice.Number)
            .ToHashSetAsync(cancellationToken: cancellationToken);
}
