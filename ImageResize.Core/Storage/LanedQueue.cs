using Azure.Storage.Queues;
using ImageResize.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage;

/// <summary>A queue for each lane, so that a small request never stands behind the slices of a large one.</summary>
internal sealed class LanedQueue(StorageQueue small, StorageQueue bulk) : IJobQueue
{
    public static LanedQueue Open(IServiceProvider services)
    {
        var service = services.GetRequiredService<QueueServiceClient>();
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;

        return new LanedQueue(
            new StorageQueue(service, options.WorkQueue, new ArrivalSignal()),
            new StorageQueue(service, options.BulkQueue, new ArrivalSignal()));
    }

    public StorageQueue Small { get; } = small;

    public StorageQueue Bulk { get; } = bulk;

    public Task PutAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken) =>
        (message.Lane == WorkLane.Bulk ? Bulk : Small).PutAsync(message, delay, cancellationToken);
}
