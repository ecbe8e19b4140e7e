using ImageResize.Core.Messages;
using ImageResize.Core.Storage.Health;

namespace ImageResize.Core.Storage.Queues;

/// <summary>Receives no messages during a storage outage. Messages that are already received can still be settled.</summary>
internal sealed class OutageAwareQueue(IMessageReceiver queue, StorageOutage outage) : IMessageReceiver
{
    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(
        int maxMessages,
        TimeSpan visibilityTimeout,
        CancellationToken cancellationToken)
    {
        await outage.CheckAsync(cancellationToken);
        try
        {
            // Not canceled once sent: messages that storage has already hidden would stay hidden for a whole lease.
            return await queue.ReceiveAsync(maxMessages, visibilityTimeout, CancellationToken.None);
        }
        catch (Exception fault) when (outage.IsOutage(fault))
        {
            outage.Report();
            throw;
        }
    }

    public Task<bool> HideAsync(ReceivedMessage message, TimeSpan visibilityTimeout, CancellationToken cancellationToken) =>
        queue.HideAsync(message, visibilityTimeout, cancellationToken);

    public Task DeleteAsync(ReceivedMessage message, CancellationToken cancellationToken) => queue.DeleteAsync(message, cancellationToken);

    public Task MoveToPoisonAsync(ReceivedMessage message, CancellationToken cancellationToken) =>
        queue.MoveToPoisonAsync(message, cancellationToken);
}
