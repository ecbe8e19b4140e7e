using ImageResize.Core.Messages;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Queues;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage.Queues;

public sealed class StorageQueueTests : MessageQueueTests, IDisposable
{
    private readonly ArrivalSignal _arrivals = new();
    private readonly StorageQueue _queue;

    public StorageQueueTests(Azurite azurite) =>
        _queue = new StorageQueue(
            StorageAccount.ByConnectionString(azurite.ConnectionString).OpenQueues(),
            Azurite.UniquePrefix(),
            _arrivals);

    internal override IMessageQueue Sender => _queue;

    internal override IMessageReceiver Receiver => _queue;

    public void Dispose() => _arrivals.Dispose();

    internal override async Task<IReadOnlyList<string>> PoisonedAsync()
    {
        var poison = _queue.OpenPoison();
        var deliveries = await poison.ReceiveAsync(10, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        return [.. deliveries.Select(delivery => delivery.Text)];
    }
}
