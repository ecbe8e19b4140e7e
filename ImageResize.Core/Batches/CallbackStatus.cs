using ImageResize.Core.Jobs;

namespace ImageResize.Core.Batches;

public enum CallbackState
{
    /// <summary>Another attempt will be made.</summary>
    Pending,

    /// <summary>The receiver has confirmed it.</summary>
    Delivered,

    /// <summary>Given up, after the last attempt or because the receiver has answered 410 (Gone).</summary>
    Failed,
}

/// <summary>The content of an ended batch's callback, and the state of its delivery.</summary>
/// <param name="EndedAt">When the batch ended.</param>
/// <param name="Total">The number of jobs.</param>
/// <param name="Counts">The jobs by outcome.</param>
public sealed record CallbackStatus(DateTimeOffset EndedAt, int Total, JobCounts Counts)
{
    /// <summary>Whether the batch was canceled before it ended.</summary>
    public bool IsCanceled { get; init; }

    public CallbackState State { get; init; }

    /// <summary>Attempts made so far.</summary>
    public int Attempts { get; init; }

    /// <summary>The HTTP status of the last response; null if there was none.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Why the last attempt failed. Never contains the address.</summary>
    public string? LastReason { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The store's version of this row; empty before it is stored.</summary>
    public string Version { get; init; } = "";
}
