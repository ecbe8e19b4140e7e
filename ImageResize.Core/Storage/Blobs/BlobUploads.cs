using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Sources.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Stores uploads in one container per UTC day, named by their ids. A blob exists when all of it has arrived.</summary>
internal sealed class BlobUploads(BlobServiceClient service, IOptions<StorageOptions> options) : IUploadStore
{
    /// <summary>How much of an upload is held in memory.</summary>
    private const int BlockBytes = 4 * 1024 * 1024;

    private readonly DailyContainers _days = new(service, options.Value.TablePrefix + "-uploads-");

    /// <summary>Takes one request if the length is known and at most one block.</summary>
    public Task AddAsync(UploadId id, string contentType, Stream content, CancellationToken cancellationToken)
    {
        var upload = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = BlockBytes,
                MaximumTransferSize = BlockBytes,
                MaximumConcurrency = 1,
            },
        };

        return _days.WriteAsync(
            id.Day,
            container => container.GetBlobClient(id.ToString()).UploadAsync(content, upload, cancellationToken),
            cancellationToken);
    }

    public async Task<Stream?> FindAsync(UploadId id, bool isWhole, CancellationToken cancellationToken) =>
        await BlobStream.FindAsync(_days.Of(id.Day).GetBlobClient(id.ToString()), isWhole, cancellationToken);

    public Task RemoveAsync(UploadId id, CancellationToken cancellationToken) =>
        _days.Of(id.Day).GetBlobClient(id.ToString()).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.DropBeforeAsync(day, cancellationToken);
}
