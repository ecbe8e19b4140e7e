using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage;

public sealed class StorageQueueTests : DeliveryQueueTests, IDisposable
{
    private readonly ArrivalSignal _arrivals = new();
    private readonly StorageQueue _queue;

    public StorageQueueTests(Azurite azurite) =>
        _queue = new StorageQueue(StorageAccount.ByConnectionString(azurite.ConnectionString).OpenQueues(), Azurite.UniquePrefix(), _arrivals);

    internal override IJobQueue Jobs => _queue;

    internal override IDeliveryQueue Deliveries => _queue;

    public void Dispose() => _arrivals.Dispose();

    internal override async Task<IReadOnlyList<string>> PoisonedAsync()
    {
        var poison = _queue.OpenPoison();
        var deliveries = await poison.ReceiveAsync(10, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        return [.. deliveries.Select(delivery => delivery.Text)];
    }
}
