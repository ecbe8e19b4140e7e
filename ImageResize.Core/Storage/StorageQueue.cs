using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Storage;

/// <summary>
/// An Azure Storage queue and its poison queue. Texts are base64, as the Functions host writes and expects them; done here and
/// not by the client, so that a text of another kind can still be taken away.
/// </summary>
internal sealed class StorageQueue(QueueServiceClient service, string name, ArrivalSignal arrivals) : IJobQueue, IDeliveryQueue
{
    /// <summary>What the Functions host calls the queue of messages it gave up on.</summary>
    public const string PoisonEnding = "-poison";

    private static readonly TimeSpan Never = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _queue = service.GetQueueClient(name);
    private readonly QueueClient _poison = service.GetQueueClient(name + PoisonEnding);

    /// <summary>Set whenever this process has put a message that is to be worked on at once.</summary>
    public ArrivalSignal Arrivals { get; } = arrivals;

    /// <summary>The poison queue, to be worked off like any other.</summary>
    public StorageQueue OpenPoison() => new(service, name + PoisonEnding, new ArrivalSignal());

    public async Task PutAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        await SendAsync(_queue, Convert.ToBase64String(message.ToJson()), delay, cancellationToken);
        if (delay == TimeSpan.Zero)
        {
            Arrivals.Set();
        }
    }

    /// <summary>Messages on the queue, hidden ones too, as storage estimates them.</summary>
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

    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int most, TimeSpan hidden, CancellationToken cancellationToken)
    {
        try
        {
            QueueMessage[] messages = await _queue.ReceiveMessagesAsync(most, hidden, cancellationToken);

            return [.. messages.Select(message =>
                new Delivery(message.MessageId, message.Body.ToString(), message.DequeueCount) { Receipt = message.PopReceipt })];
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return [];
        }
    }

    public async Task<bool> HideAsync(Delivery delivery, TimeSpan hidden, CancellationToken cancellationToken)
    {
        try
        {
            UpdateReceipt renewed = await _queue.UpdateMessageAsync(
                delivery.Id,
                delivery.Receipt,
                delivery.Text,
                hidden,
                cancellationToken);
            delivery.Receipt = renewed.PopReceipt;

            return true;
        }
        catch (RequestFailedException lost) when (IsNoLongerOurs(lost))
        {
            return false;
        }
    }

    public async Task DeleteAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.DeleteMessageAsync(delivery.Id, delivery.Receipt, cancellationToken);
        }
        catch (RequestFailedException lost) when (IsNoLongerOurs(lost))
        {
            // It took longer than we hid it, and another worker has it: that one will find the work done.
        }
    }

    public async Task MoveToPoisonAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        await SendAsync(_poison, delivery.Text, TimeSpan.Zero, cancellationToken);
        await DeleteAsync(delivery, cancellationToken);
    }

    private static async Task SendAsync(QueueClient queue, string text, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(text, delay, Never, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(text, delay, Never, cancellationToken);
        }
    }

    private static bool IsNoLongerOurs(RequestFailedException failure) =>
        failure.ErrorCode == QueueErrorCode.MessageNotFound || failure.ErrorCode == QueueErrorCode.PopReceiptMismatch;
}
