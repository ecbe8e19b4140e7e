using ImageResize.Core.Jobs;

namespace ImageResize.Core.Storage.Outages;

/// <summary>Takes no messages while storage is away. Everything else is tried: what is done should be settled if it can be.</summary>
internal sealed class CautiousQueue(IDeliveryQueue queue, StorageOutage outage) : IDeliveryQueue
{
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int most, TimeSpan hidden, CancellationToken cancellationToken)
    {
        await outage.CheckAsync(cancellationToken);
        try
        {
            // Once asked, it is waited for: what storage has already hidden for us would stay hidden for a whole lease.
            return await queue.ReceiveAsync(most, hidden, CancellationToken.None);
        }
        catch (Exception fault) when (StorageFault.IsPassing(fault))
        {
            outage.Begin();
            throw;
        }
    }

    public Task<bool> HideAsync(Delivery delivery, TimeSpan hidden, CancellationToken cancellationToken) =>
        queue.HideAsync(delivery, hidden, cancellationToken);

    public Task DeleteAsync(Delivery delivery, CancellationToken cancellationToken) => queue.DeleteAsync(delivery, cancellationToken);

    public Task MoveToPoisonAsync(Delivery delivery, CancellationToken cancellationToken) =>
        queue.MoveToPoisonAsync(delivery, cancellationToken);
}
