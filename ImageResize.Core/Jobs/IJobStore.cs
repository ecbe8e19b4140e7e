using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs.Callbacks;

namespace ImageResize.Core.Jobs;

/// <summary>Keeps batches, slices and results, by the day of the batch's birth. What is of a dropped day is simply not there.</summary>
public interface IJobStore : IDailyStore
{
    /// <summary>Stores a new batch with its first slices, and the day's table if need be. All or, if it throws, a part that nobody knows of.</summary>
    Task AddAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken);

    /// <summary>Stores further slices and the header that counts them, if the header is still the version given.</summary>
    /// <returns>The header as stored, or null when another worker was faster.</returns>
    Task<Batch?> FindAddedAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken);

    Task<Batch?> FindBatchAsync(BatchId id, CancellationToken cancellationToken);

    Task<Slice?> FindSliceAsync(BatchId id, int number, CancellationToken cancellationToken);

    IAsyncEnumerable<SliceProgress> ListSlicesAsync(BatchId id, CancellationToken cancellationToken);

    Task<JobResult?> FindResultAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>The results that stand for a slice's jobs, by the job's number in the batch.</summary>
    Task<IReadOnlyDictionary<int, JobResult>> FindResultsAsync(BatchId id, Slice slice, CancellationToken cancellationToken);

    /// <summary>Adds results of one slice. The first result of a job stands: one that is already there is left.</summary>
    /// <returns>The results that now stand for these jobs.</returns>
    Task<IReadOnlyDictionary<int, JobResult>> AddResultsAsync(
        BatchId id,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> results,
        CancellationToken cancellationToken);

    /// <summary>Workers on the same slice write the same: the counts are taken from the results that stand.</summary>
    Task SaveProgressAsync(BatchId id, int slice, bool isDone, JobCounts counts, CancellationToken cancellationToken);

    Task MarkRequeuedAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken);

    Task SaveCountsAsync(BatchId id, JobCounts counts, CancellationToken cancellationToken);

    /// <summary>Marks the header: no listing goes on, and what is marked by <see cref="CancelSlicesAsync"/> does not run.</summary>
    Task CancelAsync(BatchId id, CancellationToken cancellationToken);

    Task CancelSlicesAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken);

    /// <summary>When the batch was ended; null while it has not been.</summary>
    Task<DateTimeOffset?> FindEndAsync(BatchId id, CancellationToken cancellationToken);

    /// <returns>Whether this call was the one that ended the batch.</returns>
    Task<bool> TryEndAsync(BatchId id, CancellationToken cancellationToken);

    /// <summary>Stores what a callback says when its batch has ended. The first stands: one that is already there is left.</summary>
    /// <returns>The one that now stands.</returns>
    Task<CallbackStatus> AddCallbackAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken);

    /// <summary>None before the batch has ended, and when it asked for none.</summary>
    Task<CallbackStatus?> FindCallbackAsync(BatchId id, CancellationToken cancellationToken);

    /// <returns>Whether it was still the version given.</returns>
    Task<bool> TrySaveCallbackAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken);
}
