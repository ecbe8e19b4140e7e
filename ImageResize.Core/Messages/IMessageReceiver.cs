namespace ImageResize.Core.Messages;

/// <summary>Receives the messages of a queue, with the guarantees of Azure Storage queues: at least once, in no strict order.</summary>
public interface IMessageReceiver
{
    /// <summary>Receives messages and hides them from other workers until the visibility timeout.</summary>
    Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(int maxMessages, TimeSpan visibilityTimeout, CancellationToken cancellationToken);

    /// <summary>Hides a message for the given time from now on.</summary>
    /// <returns>False if another worker has received the message.</returns>
    Task<bool> HideAsync(ReceivedMessage message, TimeSpan visibilityTimeout, CancellationToken cancellationToken);

    /// <summary>Deletes a message, unless another worker has received it.</summary>
    Task DeleteAsync(ReceivedMessage message, CancellationToken cancellationToken);

    /// <summary>Moves a message to the poison queue. It is copied first, so that it is never lost in between.</summary>
    Task MoveToPoisonAsync(ReceivedMessage message, CancellationToken cancellationToken);
}

/// <summary>One delivery of a message.</summary>
/// <param name="Text">The text in the queue; see <see cref="MessageText"/>.</param>
/// <param name="DequeueCount">How often the message has been delivered, this time included.</param>
public sealed record ReceivedMessage(string Id, string Text, long DequeueCount)
{
    /// <summary>When the message was sent; null if unknown.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>Proves that the message was received by this process. Changes whenever the message is hidden.</summary>
    public required string PopReceipt { get; set; }
}
