using Azure.Storage.Queues;
using ImageResize.Core.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Queues;

/// <summary>One queue for each priority, so that small batches do not wait behind the slices of large ones.</summary>
internal sealed class PriorityQueues(StorageQueue interactive, StorageQueue bulk) : IMessageQueue
{
    public static PriorityQueues Open(IServiceProvider services)
    {
        var service = services.GetRequiredService<QueueServiceClient>();
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;

        return new PriorityQueues(
            new StorageQueue(service, options.WorkQueue, new ArrivalSignal()),
            new StorageQueue(service, options.BulkQueue, new ArrivalSignal()));
    }

    public StorageQueue Interactive { get; } = interactive;

    public StorageQueue Bulk { get; } = bulk;

    public Task SendAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken) =>
        (message.Priority == MessagePriority.Bulk ? Bulk : Interactive).SendAsync(message, delay, cancellationToken);
}
