using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Core.Batches.Processing;

/// <summary>
/// Deletes what is stored of batches and jobs: results, sources, names, callbacks, and the thumbnails of uploads and web images. Thumbnails
/// of files and blobs stay, because jobs of other callers make the same ones. Deleting again is harmless.
/// </summary>
public sealed class BatchPurge(
    IJobStore jobs,
    IMessageQueue queue,
    ThumbnailStores thumbnails,
    OpenWork open,
    IManifestStore manifests,
    TimeProvider clock)
{
    private const int ParallelSlices = 8;

    /// <summary>Deletes a batch, or as much of it as the timeout allows. A message deletes the rest.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> PurgeAsync(Batch batch, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // Sent first, so that the message continues the deletion if this process ends.
        var rest = new PurgeMessage(batch.Id) { Caller = batch.Caller };
        await queue.SendAsync(rest, BatchSubmitter.FirstWatchDelay + timeout, cancellationToken);
        await MarkAsync(batch.Id, cancellationToken);
        open.Remove(batch.Id);

        return await ContinueAsync(batch.Id, timeout, cancellationToken);
    }

    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> ContinueAsync(BatchId id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var isComplete = true;
        await manifests.RemoveAsync(id, cancellationToken);
        await Parallel.ForEachAsync(
            jobs.ListSlicesAsync(id, cancellationToken).Where(slice => slice.Jobs > 0),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSlices, CancellationToken = cancellationToken },
            async (progress, token) =>
            {
                if (clock.GetElapsedTime(started) > timeout)
                {
                    isComplete = false;
                }
                else if (await jobs.FindSliceAsync(id, progress.Number, token) is { Jobs.Count: > 0 } slice)
                {
                    await PurgeJobsAsync(id, slice, Enumerable.Range(slice.First, slice.Jobs.Count), token);
                    await jobs.PurgeSliceAsync(id, slice, token);
                }
            });

        return isComplete;
    }

    /// <summary>Deletes one job of a batch of several. The batch still counts it.</summary>
    public async Task PurgeJobAsync(Batch batch, JobId id, CancellationToken cancellationToken)
    {
        if (await jobs.FindSliceAsync(batch.Id, id.Item / batch.SliceSize, cancellationToken) is { Jobs.Count: > 0 } slice)
        {
            await PurgeJobsAsync(batch.Id, slice, [id.Item], cancellationToken);
        }
    }

    /// <summary>The header stays, without the caller's values. Another version of it may be written at the same time.</summary>
    private async Task MarkAsync(BatchId id, CancellationToken cancellationToken)
    {
        while (await jobs.FindBatchAsync(id, cancellationToken) is { IsPurged: false } batch)
        {
            var purged = batch with
            {
                Total = batch.Listed,
                Listing = null,
                Name = null,
                Callback = null,
                Skipped = [],
                IsCanceled = true,
                IsPurged = true,
            };
            await jobs.TryAddSlicesAsync(purged, [], cancellationToken);
        }
    }

    /// <summary>
    /// Jobs without a result are canceled first. After that no worker can add a result, so no thumbnail is missed.
    /// </summary>
    private async Task PurgeJobsAsync(BatchId id, Slice slice, IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        var canceled = numbers.ToDictionary(
            number => number,
            number => new JobResult(slice.Jobs[number - slice.First].Source, clock.GetUtcNow()) { IsCanceled = true });
        var stored = await jobs.AddResultsAsync(id, slice, canceled, cancellationToken);
        foreach (var thumbnail in stored.Values.SelectMany(result => result.Thumbnails ?? []))
        {
            await thumbnails.RemoveCallersAsync(thumbnail.Source, cancellationToken);
        }

        await jobs.PurgeResultsAsync(id, slice, canceled.Keys, cancellationToken);
    }
}
