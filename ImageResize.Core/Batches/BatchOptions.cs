using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Batches;

/// <summary>How batches are listed and processed. Bound from <c>ImageResize:Jobs</c>.</summary>
public sealed class BatchOptions
{
    /// <summary>How long a worker processes one message. Jobs that are left over continue in a new message.</summary>
    [Range(1, 240)]
    public int SliceBudgetSeconds { get; init; } = 60;

    /// <summary>The limit of images in a folder, and of jobs in any batch that the queue lists.</summary>
    [Range(1, 10_000_000)]
    public int MaxFolderImages { get; init; } = 1_000_000;

    /// <summary>
    /// How long a message stays invisible after its worker has crashed, and so how long a slice must be idle before it is queued again.
    /// Not a setting for operators: the host decides it (60 seconds standalone, 10 minutes under the Functions host).
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);
}
