using Azure.Storage.Queues;
using ImageResize.Core.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Queues;

/// <summary>One queue for each priority, so that small batches do not wait behind the slices of large ones.</summary>
internal sealed class PriorityQueues(StorageQueue interactive, StorageQueue bulk, TimeProvider clock) : IMessageQueue, IBacklog
{
    public static PriorityQueues Open(IServiceProvider services)
    {
        var service = services.GetRequiredService<QueueServiceClient>();
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;

        return new PriorityQueues(
            new StorageQueue(service, options.WorkQueue, new ArrivalSignal()),
            new StorageQueue(service, options.BulkQueue, new ArrivalSignal()),
            services.GetRequiredService<TimeProvider>());
    }

    public StorageQueue Interactive { get; } = interactive;

    public StorageQueue Bulk { get; } = bulk;

    public async Task SendAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        // Without a listener there is no span, and the message keeps the trace of its request.
        using var span = WorkSpans.StartSend(message);
        await (message.Priority == MessagePriority.Bulk ? Bulk : Interactive)
            .SendAsync(span is null ? message : message with { Trace = span.Id }, delay, cancellationToken);
    }

    public async Task<IReadOnlyList<QueueBacklog>> ReadAsync(CancellationToken cancellationToken) => await Task.WhenAll(
        ReadAsync(Interactive, MessagePriority.Interactive, isPoison: false, cancellationToken),
        ReadAsync(Bulk, MessagePriority.Bulk, isPoison: false, cancellationToken),
        ReadAsync(Interactive.OpenPoison(), MessagePriority.Interactive, isPoison: true, cancellationToken),
        ReadAsync(Bulk.OpenPoison(), MessagePriority.Bulk, isPoison: true, cancellationToken));

    private async Task<QueueBacklog> ReadAsync(
        StorageQueue queue, MessagePriority priority, bool isPoison, CancellationToken cancellationToken)
    {
        var messages = await queue.CountAsync(cancellationToken);
        var oldest = messages > 0 ? await queue.FindOldestAsync(cancellationToken) : null;

        return new QueueBacklog(priority, isPoison, messages, oldest is { } sent ? clock.GetUtcNow() - sent : TimeSpan.Zero);
    }
}
