using System.Buffers;
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
    /// <summary>What of an upload is in memory at once.</summary>
    private const int Block = 4 * 1024 * 1024;

    /// <summary>Uploads below it, most photos, are stored by one request. Each upload on its way holds as much.</summary>
    private const int OneRequest = 1024 * 1024;

    private readonly DailyContainers _days = new(service, options.Value.TablePrefix + "-uploads-");

    public async Task AddAsync(UploadId id, ImageFormat format, Stream content, CancellationToken cancellationToken)
    {
        var upload = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = ContentType.Of(format) },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = Block, MaximumTransferSize = Block, MaximumConcurrency = 1 },
        };

        var start = ArrayPool<byte>.Shared.Rent(OneRequest);
        try
        {
            // The client puts a stream whose length it does not know by two requests: what ends early is given with its length.
            var length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
            await using var all = length < start.Length
                ? new MemoryStream(start, 0, length, writable: false)
                : (Stream)new UploadStream(start, content, int.MaxValue);

            await _days.WriteAsync(
                id.Day,
                container => container.GetBlobClient(id.ToString()).UploadAsync(all, upload, cancellationToken),
                cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(start);
        }
    }

    public async Task<Stream?> FindAsync(UploadId id, bool isWhole, CancellationToken cancellationToken) =>
        await BlobStream.FindAsync(_days.Of(id.Day).GetBlobClient(id.ToString()), isWhole, cancellationToken);

    public Task RemoveAsync(UploadId id, CancellationToken cancellationToken) =>
        _days.Of(id.Day).GetBlobClient(id.ToString()).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.DropBeforeAsync(day, cancellationToken);
}
