namespace ImageResize.Core.Jobs.Callbacks;

public enum CallbackState
{
    /// <summary>Still to be tried, for the first time or again.</summary>
    Pending,

    /// <summary>The receiver has said so.</summary>
    Delivered,

    /// <summary>Given up: after the last try, or because the receiver wants no more.</summary>
    Failed,
}

/// <summary>What the callback of an ended batch says, and how its delivery stands.</summary>
/// <param name="EndedAt">When the batch ended.</param>
/// <param name="Total">How many jobs it had.</param>
/// <param name="Counts">How they ended.</param>
public sealed record CallbackStatus(DateTimeOffset EndedAt, int Total, JobCounts Counts)
{
    /// <summary>Whether the batch was canceled before it ended.</summary>
    public bool IsCanceled { get; init; }

    public CallbackState State { get; init; }

    /// <summary>How often the receiver has been called.</summary>
    public int Attempts { get; init; }

    /// <summary>The HTTP status of the last answer; none when there was no answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Why the last attempt failed, in words of ours.</summary>
    public string? LastReason { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The store's mark of this version; empty before it is stored.</summary>
    public string Version { get; init; } = "";
}
