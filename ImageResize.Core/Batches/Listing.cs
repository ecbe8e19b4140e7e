using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches;

/// <summary>
/// A folder, a manifest or another batch's failed or canceled jobs, from which a queue message makes the jobs of a batch, a few thousand at
/// a time; and its progress.
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

    /// <summary>Which jobs of that batch are listed; null for all failed ones, as earlier versions stored it.</summary>
    public RetryFilter? Retry { get; init; }

    /// <summary>
    /// For a manifest: the byte where the next item begins, or where the item of the folder begins that is being listed. For failed jobs:
    /// the next job's number.
    /// </summary>
    public long Offset { get; init; }

    /// <summary>The number of the manifest's lines before <see cref="Offset"/>.</summary>
    public int LinesRead { get; init; }
}

/// <summary>Which jobs of an ended batch are retried.</summary>
/// <param name="Canceled">Whether canceled jobs are retried instead of failed ones.</param>
/// <param name="Errors">The error codes of failed jobs to retry; empty for all errors that a retry can fix.</param>
public sealed record RetryFilter(bool Canceled, IReadOnlyList<string> Errors)
{
    /// <summary>Selects all failed jobs, in place of error codes.</summary>
    public const string Any = "any";

    /// <summary>Errors of the request or of the image itself, which a retry cannot fix.</summary>
    private static readonly HashSet<string> NotRetryable =
    [
        .. new[]
        {
            ErrorCode.InvalidSource, ErrorCode.InvalidItem, ErrorCode.TooManyItems, ErrorCode.SourceEmpty, ErrorCode.SourceTooLarge,
            ErrorCode.NotAnImage, ErrorCode.UnsupportedFormat, ErrorCode.TooLarge, ErrorCode.Damaged, ErrorCode.ContentEncodingNotSupported,
        }.Select(code => code.Name),
    ];

    public static RetryFilter AllFailed { get; } = new(Canceled: false, [Any]);

    /// <summary>The number of jobs that have failed, or were canceled. The error codes select among them.</summary>
    public int CountIn(JobCounts counts) => Canceled ? counts.Canceled : counts.Failed;

    public bool Includes(JobResult? result) => result switch
    {
        { IsPurged: true } => false,
        { IsCanceled: true } => Canceled,
        { Error: { } error } => !Canceled && Includes(error.Code),
        _ => false,
    };

    private bool Includes(string error) =>
        Errors.Count == 0 ? !NotRetryable.Contains(error) : Errors.Contains(Any) || Errors.Contains(error);
}
