using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Outages;

/// <summary>Asks each service of the account for something small. It answers when something is missing too: that is made when needed.</summary>
internal sealed class StorageProbe(
    QueueServiceClient queues,
    TableServiceClient tables,
    BlobServiceClient blobs,
    IOptions<StorageOptions> names,
    IOptions<BlobOptions> containers,
    IOptions<ThumbnailOptions> thumbnails)
{
    private readonly QueueClient _queue = queues.GetQueueClient(names.Value.WorkQueue);
    private readonly TableClient _table = tables.GetTableClient(names.Value.TablePrefix + "idempotency");

    private readonly string? _container =
        containers.Value.Containers.Prepend(thumbnails.Value.OutputContainer).FirstOrDefault(name => name.Length > 0);

    public Task AskQueueAsync(CancellationToken cancellationToken) => _queue.ExistsAsync(cancellationToken);

    public Task AskTableAsync(CancellationToken cancellationToken) =>
        _table.GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: cancellationToken);

    /// <summary>Nothing where settings name no containers: then blobs hold uploads alone.</summary>
    public Task AskBlobsAsync(CancellationToken cancellationToken) =>
        _container is null ? Task.CompletedTask : blobs.GetBlobContainerClient(_container).ExistsAsync(cancellationToken);
}
