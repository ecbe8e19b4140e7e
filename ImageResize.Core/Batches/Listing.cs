using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches;

/// <summary>
/// A folder, a manifest or another batch's failed jobs, from which the queue makes the jobs of a batch some thousand at a time; and how far
/// it has got.
/// </summary>
/// <param name="Folder">The folder; null for a manifest or failed jobs.</param>
/// <param name="Actions">The actions of items without their own.</param>
/// <param name="After">The last file of the folder that is listed; the listing continues after it.</param>
/// <param name="Listed">How many jobs have been made.</param>
public sealed record Listing(SourceUri? Folder, JobActions? Actions, SourceUri? After = null, int Listed = 0)
{
    /// <summary>The blob that the caller named as the manifest; null for the batch's own manifest.</summary>
    public SourceUri? Manifest { get; init; }

    /// <summary>The batch whose failed jobs are listed; null for a folder or a manifest.</summary>
    public string? FailedOf { get; init; }

    /// <summary>
    /// For a manifest: the byte where the next item begins, or where the item of the folder begins that is being listed. For failed jobs:
    /// the next job's number.
    /// </summary>
    public long Offset { get; init; }

    /// <summary>The number of the manifest's lines before <see cref="Offset"/>.</summary>
    public int LinesRead { get; init; }
}
