using System.Globalization;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Imaging;
using ImageResize.Core.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Keeps uploads in a container for each UTC day, named by their ids. A blob is there when all of it has arrived, not before.</summary>
internal sealed class BlobUploads(BlobServiceClient service, IOptions<StorageOptions> options) : IUploadStore
{
    private const string DayFormat = "yyyyMMdd";

    /// <summary>What of an upload is in memory at once.</summary>
    private const int Block = 4 * 1024 * 1024;

    private readonly string _prefix = options.Value.TablePrefix + "-uploads-";

    /// <summary>The last day whose container was made, so that it is made once a day and not for every upload.</summary>
    private DateOnly _made;

    public async Task AddAsync(UploadId id, ImageFormat format, Stream content, CancellationToken cancellationToken)
    {
        var container = ContainerOf(id);
        if (_made != id.Day)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            _made = id.Day;
        }

        try
        {
            var upload = new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = ContentType.Of(format) },
                TransferOptions = new StorageTransferOptions { InitialTransferSize = Block, MaximumTransferSize = Block, MaximumConcurrency = 1 },
            };
            await container.GetBlobClient(id.ToString()).UploadAsync(content, upload, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            _made = default;
            throw;
        }
    }

    public async Task<Stream?> FindAsync(UploadId id, CancellationToken cancellationToken) =>
        await BlobStream.FindAsync(ContainerOf(id).GetBlobClient(id.ToString()), cancellationToken);

    public Task RemoveAsync(UploadId id, CancellationToken cancellationToken) =>
        ContainerOf(id).GetBlobClient(id.ToString()).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public async Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var dropped = new List<DateOnly>();
        await foreach (var container in service.GetBlobContainersAsync(prefix: _prefix, cancellationToken: cancellationToken))
        {
            if (DateOnly.TryParseExact(container.Name[_prefix.Length..], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var born)
                && born < day
                && await TryDropAsync(container.Name, cancellationToken))
            {
                dropped.Add(born);
            }
        }

        return dropped;
    }

    private async Task<bool> TryDropAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            return await service.GetBlobContainerClient(container).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException other) when (other.ErrorCode == BlobErrorCode.ContainerBeingDeleted)
        {
            return false;
        }
    }

    private BlobContainerClient ContainerOf(UploadId id) =>
        service.GetBlobContainerClient(_prefix + id.Day.ToString(DayFormat, CultureInfo.InvariantCulture));
}
