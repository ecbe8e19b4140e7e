using System.Text.Json.Serialization;

namespace ImageResize.Client;

/// <summary>Jobs that were submitted together, and their progress.</summary>
/// <param name="Id">The id of the batch.</param>
/// <param name="State">The state of the batch.</param>
/// <param name="Total">The number of jobs. Null until all are listed.</param>
/// <param name="Counts">The jobs by state.</param>
public sealed record Batch(string Id, BatchState State, int? Total, BatchCounts Counts)
{
    /// <summary>The name that the caller gave it.</summary>
    public string? Name { get; init; }

    /// <summary>How many of the jobs have ended. Null until all are listed.</summary>
    public double? Percent { get; init; }

    /// <summary>The average since the batch was submitted.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>The expected end at the average speed so far.</summary>
    public DateTimeOffset? EstimatedEnd { get; init; }

    /// <summary>The files of folders that did not become jobs.</summary>
    public IReadOnlyList<SkippedFiles>? Skipped { get; init; }

    /// <summary>The batch whose failed jobs this one repeats.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The delivery of the callback.</summary>
    public CallbackDelivery? Callback { get; init; }

    /// <summary>Whether all jobs have ended.</summary>
    [JsonIgnore]
    public bool IsOver => State is BatchState.Completed or BatchState.Canceled;
}

/// <summary>The state of a batch.</summary>
public enum BatchState
{
    /// <summary>No job has ended.</summary>
    Queued,

    /// <summary>Some jobs have ended.</summary>
    Running,

    /// <summary>All jobs have ended.</summary>
    Completed,

    /// <summary>It was canceled.</summary>
    Canceled,
}

/// <summary>The jobs of a batch by state.</summary>
/// <param name="Queued">Jobs without a result. Null until all are listed.</param>
/// <param name="Succeeded">Jobs with a result.</param>
/// <param name="Failed">Jobs with an error.</param>
/// <param name="Canceled">Jobs that will never run.</param>
public sealed record BatchCounts(int? Queued, int Succeeded, int Failed, int Canceled);

/// <summary>Files of folders that did not become jobs, for one reason.</summary>
/// <param name="Reason">Why, such as <c>hidden</c> or an error code.</param>
/// <param name="Count">The number of files.</param>
/// <param name="Examples">The first of these files.</param>
public sealed record SkippedFiles(string Reason, int Count, IReadOnlyList<string> Examples);

/// <summary>The delivery of a callback.</summary>
/// <param name="State"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">The number of attempts so far.</param>
public sealed record CallbackDelivery(string State, int Attempts)
{
    /// <summary>The HTTP status of the last answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? LastReason { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
