using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;

namespace ImageResize.Core.Batches;

/// <summary>The header of jobs that were submitted together.</summary>
public sealed record Batch(BatchId Id)
{
    /// <summary>The number of jobs; null until all are listed.</summary>
    public int? Total { get; init; }

    /// <summary>Jobs in a slice, a divisor of <see cref="SliceSizes.Block"/>.</summary>
    public int SliceSize { get; init; } = 1;

    /// <summary>The caller's name for the batch.</summary>
    public string? Name { get; init; }

    /// <summary>The normalized web address that is called when the batch has ended.</summary>
    public string? Callback { get; init; }

    /// <summary>Who submitted the batch. Callers take turns, and items can name only what this caller may use; null if unknown.</summary>
    public string? Caller { get; init; }

    /// <summary>The listing that the queue has not finished yet, if any.</summary>
    public Listing? Listing { get; init; }

    /// <summary>The files of the batch's folders that did not become jobs, as far as they are listed.</summary>
    public IReadOnlyList<SkippedFiles> Skipped { get; init; } = [];

    /// <summary>Whether jobs that have not run are canceled.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>Whether its caller has deleted it. The header stays, so that a repeated deletion succeeds.</summary>
    public bool IsPurged { get; init; }

    /// <summary>The batch whose failed jobs this batch retries.</summary>
    public string? RetryOf { get; init; }

    /// <summary>Whether it will be in the list of its caller's batches. Used when it is added, and not stored with it.</summary>
    public bool IsListed { get; init; }

    /// <summary>The counts that the watch has stored last.</summary>
    public JobCounts Counts { get; init; }

    /// <summary>The store's version of this header; empty before it is stored.</summary>
    public string Version { get; init; } = "";

    /// <summary>The priority of its slices: only small batches have slices of one job.</summary>
    public MessagePriority Priority => SliceSize == 1 ? MessagePriority.Interactive : MessagePriority.Bulk;

    /// <summary>
    /// Whether the batch was submitted as one image; its job then has the batch's id. The images of a folder are always numbered.
    /// </summary>
    public bool IsSingle { get; init; }

    /// <summary>The number of jobs that are listed so far.</summary>
    public int Listed => Total ?? Listing?.Listed ?? 0;

    /// <summary>Whether the job is one of those listed so far.</summary>
    public bool Contains(JobId job) => job.Batch == Id && IsSingle == (job.Number is null) && job.Item < Listed;

    /// <summary>Whether a watch message follows the batch. A single job needs none, because its result is its status.</summary>
    public bool IsWatched => !IsSingle || Callback is not null;
}
