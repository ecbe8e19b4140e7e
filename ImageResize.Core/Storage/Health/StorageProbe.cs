using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Health;

/// <summary>
/// Sends a small request to each service of the account. A missing queue, table or container is not an error: it is created when needed.
/// </summary>
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

    public Task CheckQueueAsync(CancellationToken cancellationToken) => _queue.ExistsAsync(cancellationToken);

    public Task CheckTableAsync(CancellationToken cancellationToken) =>
        _table.GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: cancellationToken);

    /// <summary>Does nothing if the settings name no containers, because blobs are then used only for uploads.</summary>
    public Task CheckBlobsAsync(CancellationToken cancellationToken) =>
        _container is null ? Task.CompletedTask : blobs.GetBlobContainerClient(_container).ExistsAsync(cancellationToken);
}
