using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Jobs;

/// <summary>Jobs submitted together; the header of everything stored about them.</summary>
public sealed record Batch(BatchId Id)
{
    /// <summary>How many jobs; none until a listing has come to its end.</summary>
    public int? Total { get; init; }

    /// <summary>Jobs a slice, a divisor of <see cref="SliceSizes.Block"/>.</summary>
    public int SliceSize { get; init; } = 1;

    /// <summary>What the caller calls it.</summary>
    public string? Name { get; init; }

    /// <summary>The web address to call when the batch has ended, as <see cref="Callbacks.CallbackRules"/> spells it.</summary>
    public string? Callback { get; init; }

    /// <summary>What is still to be listed by the queue, if anything.</summary>
    public Listing? Listing { get; init; }

    /// <summary>Whether what has not run is not to run any more.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>The batch whose failed jobs these are, once more.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The counts as the watch last summed them.</summary>
    public JobCounts Counts { get; init; }

    /// <summary>The store's mark of this version of the header; empty before it is stored.</summary>
    public string Version { get; init; } = "";

    /// <summary>Where its slices travel: batches that are cut into single jobs are small.</summary>
    public WorkLane Lane => SliceSize == 1 ? WorkLane.Small : WorkLane.Bulk;

    /// <summary>A batch of one is its own job; the images of a folder are numbered, also when there is but one.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Whether somebody waits for the end of the whole: the only job's result is all there is to know of a batch of one.</summary>
    public bool IsWatched => !IsSingle || Callback is not null;
}

/// <summary>A folder, a manifest or another batch's failed jobs, which become the jobs of a batch some thousand at a time; and how far that has come.</summary>
/// <param name="Folder">Null when it is none.</param>
/// <param name="Actions">What is done with an image whose item says nothing of it.</param>
/// <param name="After">The last image of the folder that has become a job; the listing goes on behind it.</param>
/// <param name="Listed">How many have become jobs.</param>
public sealed record Listing(string? Folder, JobActions? Actions, string? After = null, int Listed = 0)
{
    /// <summary>The blob that the caller named as the manifest; null for the batch's own.</summary>
    public string? Manifest { get; init; }

    /// <summary>The batch whose failed jobs are listed; null for a folder or a manifest.</summary>
    public string? FailedOf { get; init; }

    /// <summary>
    /// The byte of the manifest where the next item begins, or the one of the folder that is being listed; or the next job of the batch
    /// whose failed ones are listed.
    /// </summary>
    public long Offset { get; init; }

    /// <summary>Lines of the manifest before that byte.</summary>
    public int LinesRead { get; init; }
}

/// <summary>Jobs that have ended, by how.</summary>
public readonly record struct JobCounts(int Succeeded, int Failed, int Canceled = 0)
{
    public int Finished => Succeeded + Failed + Canceled;

    public static JobCounts operator +(JobCounts left, JobCounts right) =>
        new(left.Succeeded + right.Succeeded, left.Failed + right.Failed, left.Canceled + right.Canceled);

    public static JobCounts Of(IEnumerable<JobResult> results)
    {
        var counts = default(JobCounts);
        foreach (var result in results)
        {
            counts += result switch
            {
                { IsCanceled: true } => new JobCounts(0, 0, 1),
                { Error: null } => new JobCounts(1, 0),
                _ => new JobCounts(0, 1),
            };
        }

        return counts;
    }
}
