namespace ImageResize.Core.Messages;

/// <summary>Reads how much work is queued.</summary>
public interface IBacklog
{
    /// <returns>One for each queue of messages and each queue of messages that have failed too often.</returns>
    Task<IReadOnlyList<QueueBacklog>> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>The messages of a queue.</summary>
/// <param name="Messages">About how many, those that are being processed included.</param>
/// <param name="OldestAge">The time since the first message that is not being processed was sent; zero if there is none.</param>
public sealed record QueueBacklog(MessagePriority Priority, bool IsPoison, int Messages, TimeSpan OldestAge);
