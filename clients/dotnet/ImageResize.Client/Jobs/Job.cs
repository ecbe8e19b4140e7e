namespace ImageResize.Client;

/// <summary>Work on one image, and its result.</summary>
/// <param name="Id">That of its batch, or <c>BATCH-NUMBER</c> if the batch has several jobs.</param>
/// <param name="State">Final, unless it is <see cref="JobState.Queued"/>.</param>
public sealed record Job(string Id, JobState State)
{
    /// <summary>The name that the caller gave it, or that of the uploaded file when the job has ended.</summary>
    public string? Name { get; init; }

    /// <summary>The source, without secrets of a web address. Missing in a job that is queued alone.</summary>
    public string? Source { get; init; }

    /// <summary>When the job was submitted.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When the job ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The size, if it was asked for.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>The thumbnails, in the order of the actions.</summary>
    public IReadOnlyList<StoredThumbnail>? Thumbnails { get; init; }

    /// <summary>Why the job failed.</summary>
    public JobError? Error { get; init; }
}

/// <summary>The state of a job.</summary>
public enum JobState
{
    /// <summary>It has no result yet.</summary>
    Queued,

    /// <summary>It has its result.</summary>
    Succeeded,

    /// <summary>It has an error.</summary>
    Failed,

    /// <summary>Its batch was canceled before it ran.</summary>
    Canceled,
}

/// <summary>A thumbnail that the service keeps.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Format">Such as <c>jpeg</c>.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Source">Where it is stored. Can be used as a source.</param>
/// <param name="Href">The address of its bytes, without the host.</param>
public sealed record StoredThumbnail(int Width, int Height, string Format, long Bytes, string Source, string Href)
{
    /// <summary>How the thumbnail differs from what was asked for.</summary>
    public string? Note { get; init; }
}

/// <summary>Why a job failed.</summary>
/// <param name="Code">For programs, such as <c>damaged</c>.</param>
/// <param name="Message">For people.</param>
public sealed record JobError(string Code, string Message);

/// <summary>A page of jobs.</summary>
internal sealed record JobPage(IReadOnlyList<Job> Value, string? NextLink);
