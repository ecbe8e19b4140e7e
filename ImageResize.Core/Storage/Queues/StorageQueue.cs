using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ImageResize.Core.Messages;

namespace ImageResize.Core.Storage.Queues;

/// <summary>
/// An Azure Storage queue and its poison queue. The client library does not decode messages, so that a message that is not base64 can still
/// be received and deleted.
/// </summary>
internal sealed class StorageQueue(QueueServiceClient service, string name, ArrivalSignal arrivals) : IMessageQueue, IMessageReceiver
{
    /// <summary>The suffix of the queue to which the Functions host moves messages that fail too often.</summary>
    public const string PoisonSuffix = "-poison";

    private static readonly TimeSpan NeverExpires = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _queue = service.GetQueueClient(name);
    private readonly QueueClient _poison = service.GetQueueClient(name + PoisonSuffix);

    /// <summary>Set when this process has sent a message without a delay.</summary>
    public ArrivalSignal Arrivals { get; } = arrivals;

    /// <summary>Opens the poison queue, to be processed like any other queue.</summary>
    public StorageQueue OpenPoison() => new(service, name + PoisonSuffix, new ArrivalSignal());

    public async Task SendAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        await SendAsync(_queue, MessageText.Encode(message), delay, cancellationToken);
        if (delay == TimeSpan.Zero)
        {
            Arrivals.Set();
        }
    }

    /// <summary>The approximate number of messages in the queue, hidden messages included.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            QueueProperties properties = await _queue.GetPropertiesAsync(cancellationToken);

            return properties.ApproximateMessagesCount;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return 0;
        }
    }

    /// <summary>When the first message that is not hidden was sent; null if there is none.</summary>
    public async Task<DateTimeOffset?> FindOldestAsync(CancellationToken cancellationToken)
    {
        PeekedMessage? oldest = await _queue.PeekMessageAsync(cancellationToken);

        return oldest?.InsertedOn;
    }

    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(
        int maxMessages,
        TimeSpan visibilityTimeout,
        CancellationToken cancellationToken)
    {
        try
        {
            QueueMessage[] messages = await _queue.ReceiveMessagesAsync(maxMessages, visibilityTimeout, cancellationToken);

            return [.. messages.Select(message =>
                new ReceivedMessage(message.MessageId, message.Body.ToString(), message.DequeueCount)
                {
                    PopReceipt = message.PopReceipt,
                    QueuedAt = message.InsertedOn,
                })];
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return [];
        }
    }

    public async Task<bool> HideAsync(ReceivedMessage message, TimeSpan visibilityTimeout, CancellationToken cancellationToken)
    {
        try
        {
            UpdateReceipt renewed = await _queue.UpdateMessageAsync(
                message.Id,
                message.PopReceipt,
                message.Text,
                visibilityTimeout,
                cancellationToken);
            message.PopReceipt = renewed.PopReceipt;

            return true;
        }
        catch (RequestFailedException lost) when (IsLost(lost))
        {
            return false;
        }
    }

    public async Task DeleteAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.DeleteMessageAsync(message.Id, message.PopReceipt, cancellationToken);
        }
        catch (RequestFailedException lost) when (IsLost(lost))
        {
            // Processing took longer than the visibility timeout. Another worker has received the message and finds its work done.
        }
    }

    public async Task MoveToPoisonAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        await SendAsync(_poison, message.Text, TimeSpan.Zero, cancellationToken);
        await DeleteAsync(message, cancellationToken);
    }

    private static async Task SendAsync(QueueClient queue, string text, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(text, delay, NeverExpires, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(text, delay, NeverExpires, cancellationToken);
        }
    }

    private static bool IsLost(RequestFailedException failure) =>
        failure.ErrorCode == QueueErrorCode.MessageNotFound || failure.ErrorCode == QueueErrorCode.PopReceiptMismatch;
}
