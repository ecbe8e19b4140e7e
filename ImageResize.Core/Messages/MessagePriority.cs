namespace ImageResize.Core.Messages;

/// <summary>Decides which queue a message is sent to.</summary>
public enum MessagePriority
{
    /// <summary>Slices of small batches, and the watches of all batches: callers wait for their results.</summary>
    Interactive,

    /// <summary>Slices of large batches, listings and callbacks.</summary>
    Bulk,
}
