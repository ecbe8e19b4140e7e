using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Messages;

/// <summary>
/// The content of a queue message. It identifies rows in the tables and carries no paths, so a forged message cannot name anything else.
/// </summary>
public abstract record WorkMessage(BatchId Batch)
{
    /// <summary>The W3C traceparent of the request that submitted the batch.</summary>
    public string? Trace { get; init; }

    /// <summary>
    /// How often the message was deferred: because storage was unavailable, no thumbnail could be written, or the batch was not stored yet.
    /// </summary>
    public int DeferCount { get; init; }

    /// <summary>Who submitted the batch; null if unknown, as in messages of earlier versions.</summary>
    public string? Caller { get; init; }

    public abstract MessagePriority Priority { get; init; }
}

/// <summary>Process the jobs of a slice.</summary>
/// <param name="Slice">The number of the slice.</param>
public sealed record SliceMessage(BatchId Batch, int Slice) : WorkMessage(Batch)
{
    public override MessagePriority Priority { get; init; }

    /// <summary>
    /// Whether one of the slice's images may have crashed a worker: they are then decoded one at a time, in a child process.
    /// </summary>
    public bool IsSuspect { get; init; }

    /// <summary>
    /// Whether an earlier message of this slice ended without a fault and left jobs over. Its results are then read first.
    /// </summary>
    public bool IsContinuation { get; init; }

    /// <summary>Whether the slice has web images. False in messages of earlier versions.</summary>
    public bool IsRemote { get; init; }
}

/// <summary>Continue listing the jobs of a batch.</summary>
public sealed record ListMessage(BatchId Batch) : WorkMessage(Batch)
{
    public override MessagePriority Priority { get; init; } = MessagePriority.Bulk;
}

/// <summary>Delete what is left of a batch that its caller has deleted.</summary>
public sealed record PurgeMessage(BatchId Batch) : WorkMessage(Batch)
{
    public override MessagePriority Priority { get; init; } = MessagePriority.Bulk;
}

/// <summary>Delete thumbnails of a deleted upload that were still being made when it was deleted.</summary>
/// <param name="Batch">The upload's id, which is written like that of a batch.</param>
public sealed record RemoveUploadMessage(BatchId Batch) : WorkMessage(Batch)
{
    public override MessagePriority Priority { get; init; } = MessagePriority.Bulk;
}

/// <summary>Watch a batch: sum up its slices, queue idle slices again, and end the batch.</summary>
public sealed record WatchMessage(BatchId Batch) : WorkMessage(Batch)
{
    public override MessagePriority Priority { get; init; } = MessagePriority.Interactive;

    /// <summary>How often the batch has been watched before.</summary>
    public int Round { get; init; }
}

/// <summary>Call the receiver of a batch that has ended.</summary>
public sealed record CallbackMessage(BatchId Batch) : WorkMessage(Batch)
{
    public override MessagePriority Priority { get; init; } = MessagePriority.Bulk;

    /// <summary>Attempts made before this one.</summary>
    public int PreviousAttempts { get; init; }
}
