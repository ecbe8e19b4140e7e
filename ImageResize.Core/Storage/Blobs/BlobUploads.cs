using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>
/// Keeps uploads in a container for each UTC day, named by their ids. A blob is there when all of it has arrived, not before.
/// </summary>
internal sealed class BlobUploads(BlobServiceClient service, IOptions<StorageOptions> options) : IUploadStore
{
    /// <summary>What of an upload is in memory at once.</summary>
    private const int Block = 4 * 1024 * 1024;

    private readonly DailyContainers _days = new(service, options.Value.TablePrefix + "-uploads-");

    /// <summary>By one request what is shorter than a block and whose length is known.</summary>
    public Task AddAsync(UploadId id, ImageFormat format, Stream content, CancellationToken cancellationToken)
    {
        var upload = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = format.GetContentType() },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = Block, MaximumTransferSize = Block, MaximumConcurrency = 1 },
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
