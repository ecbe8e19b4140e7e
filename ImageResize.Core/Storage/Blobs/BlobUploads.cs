using Azure;
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

    private const int NotFound = 404;

    private readonly DailyContainers _days = new(service, options.Value.TablePrefix + "-uploads-");

    /// <summary>Takes one request if the length is known and at most one block.</summary>
    public Task AddAsync(
        UploadId id,
        string contentType,
        IReadOnlyDictionary<string, string> properties,
        Stream content,
        CancellationToken cancellationToken)
    {
        var upload = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            Metadata = new Dictionary<string, string>(properties),
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
        await BlobStream.FindAsync(BlobOf(id), isWhole, cancellationToken);

    public async Task<UploadProperties?> FindPropertiesAsync(UploadId id, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await BlobOf(id).GetPropertiesAsync(cancellationToken: cancellationToken);

            return new UploadProperties(
                found.ContentLength, new Dictionary<string, string>(found.Metadata, StringComparer.OrdinalIgnoreCase));
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound)
        {
            return null;
        }
    }

    public async Task SetPropertiesAsync(
        UploadId id, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        try
        {
            await BlobOf(id).SetMetadataAsync(new Dictionary<string, string>(properties), cancellationToken: cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound)
        {
            // The upload was removed meanwhile.
        }
    }

    public Task RemoveAsync(UploadId id, CancellationToken cancellationToken) =>
        BlobOf(id).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.DropBeforeAsync(day, cancellationToken);

    private BlobClient BlobOf(UploadId id) => _days.Of(id.Day).GetBlobClient(id.ToString());
}
