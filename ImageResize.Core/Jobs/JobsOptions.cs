using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Jobs;

/// <summary>How work is cut, watched and kept. Bound from <c>ImageResize:Jobs</c>.</summary>
public sealed class JobsOptions
{
    /// <summary>How long one message may be worked on; what is left of its slice then travels as a new message.</summary>
    [Range(1, 240)]
    public int SliceBudgetSeconds { get; init; } = 60;

    /// <summary>Images of one folder, and jobs of any batch that the queue lists.</summary>
    [Range(1, 10_000_000)]
    public int MaxFolderImages { get; init; } = 1_000_000;

    /// <summary>How long results are kept, in whole UTC days after the day of submission.</summary>
    [Range(1, 365)]
    public int RetentionDays { get; init; } = 7;

    /// <summary>
    /// How long a message can stay invisible after its worker died: what the watch waits before it puts an idle slice again.
    /// Not a setting of the operator: the host decides it (60 s standalone, 10 minutes under the Functions host).
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);
}
