namespace ImageResize.Core.Messages;

/// <summary>Sends messages to workers. Messages never expire by themselves; a message whose batch has expired is dropped.</summary>
public interface IMessageQueue
{
    /// <param name="delay">How long the message stays invisible; zero makes it visible at once.</param>
    Task SendAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken);
}
