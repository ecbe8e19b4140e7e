namespace ImageResize.Core.Messages;

/// <summary>Handles one kind of message. Messages are delivered at least once, so handling one again must be harmless.</summary>
public interface IMessageHandler<in TMessage>
    where TMessage : WorkMessage
{
    /// <summary>Returns when the message can be deleted. Throws when it must be delivered again.</summary>
    /// <param name="dequeueCount">How often the message has been delivered, this time included.</param>
    Task HandleAsync(TMessage message, long dequeueCount, CancellationToken cancellationToken);

    /// <summary>Ends the message's work without success after too many failures, so that no caller waits for it forever.</summary>
    /// <param name="reason">Shown to callers.</param>
    Task GiveUpAsync(TMessage message, string reason, CancellationToken cancellationToken);
}
