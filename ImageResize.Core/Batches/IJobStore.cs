using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Retention;

namespace ImageResize.Core.Batches;

/// <summary>Stores batches, slices and results by the day of the batch's submission. Data of a dropped day is not found.</summary>
public interface IJobStore : IDailyStore
{
    /// <summary>
    /// Adds a new batch with its first slices, and creates the day's table if necessary. If it throws, slices may be left that no header
    /// refers to.
    /// </summary>
    Task AddAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken);

    /// <summary>Adds further slices and replaces the header, all or nothing, unless another version of the header is stored.</summary>
    /// <returns>The stored header, or null if another worker was faster.</returns>
    Task<Batch?> TryAddSlicesAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken);

    /// <summary>The listed batches that a caller submitted on a day, the newest first. Some may not exist any more.</summary>
    /// <param name="after">Only older batches than this; null for all.</param>
    IAsyncEnumerable<BatchId> ListBatchesAsync(OwnerTag owner, DateOnly day, BatchId? after, CancellationToken cancellationToken);

    Task<Batch?> FindBatchAsync(BatchId id, CancellationToken cancellationToken);

    Task<Slice?> FindSliceAsync(BatchId id, int number, CancellationToken cancellationToken);

    IAsyncEnumerable<SliceProgress> ListSlicesAsync(BatchId id, CancellationToken cancellationToken);

    Task<JobResult?> FindResultAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>The results of a slice's jobs, by the job's number in the batch.</summary>
    Task<IReadOnlyDictionary<int, JobResult>> FindResultsAsync(BatchId id, Slice slice, CancellationToken cancellationToken);

    /// <summary>Adds results of a slice. A result that exists already is not changed.</summary>
    /// <returns>The stored results of these jobs.</returns>
    Task<IReadOnlyDictionary<int, JobResult>> AddResultsAsync(
        BatchId id,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> results,
        CancellationToken cancellationToken);

    /// <summary>Two workers on the same slice write the same values, because the counts are taken from the stored results.</summary>
    Task SaveProgressAsync(BatchId id, int slice, bool isDone, JobCounts counts, CancellationToken cancellationToken);

    /// <summary>Shows progress of a slice that is being processed, and leaves it as done as it is.</summary>
    Task SaveSliceCountsAsync(BatchId id, int slice, JobCounts counts, CancellationToken cancellationToken);

    Task MarkRequeuedAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken);

    Task SaveCountsAsync(BatchId id, JobCounts counts, CancellationToken cancellationToken);

    /// <summary>
    /// Marks the header as canceled. The listing stops, and slices that <see cref="CancelSlicesAsync"/> marks do not run.
    /// </summary>
    Task CancelAsync(BatchId id, CancellationToken cancellationToken);

    /// <summary>Replaces results of a slice by <see cref="JobResult.Purged"/>.</summary>
    /// <param name="numbers">The numbers of the jobs in the batch.</param>
    Task PurgeResultsAsync(BatchId id, Slice slice, IEnumerable<int> numbers, CancellationToken cancellationToken);

    /// <summary>Replaces a slice by one without jobs, which is done.</summary>
    Task PurgeSliceAsync(BatchId id, Slice slice, CancellationToken cancellationToken);

    Task CancelSlicesAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken);

    /// <summary>When the batch ended; null if it has not.</summary>
    Task<DateTimeOffset?> FindEndAsync(BatchId id, CancellationToken cancellationToken);

    /// <returns>Whether this call has ended the batch; false if it had ended before.</returns>
    Task<bool> TryEndAsync(BatchId id, CancellationToken cancellationToken);
}
