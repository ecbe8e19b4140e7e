using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Stores thumbnails as blobs. A blob that is written by one request exists completely or not at all.</summary>
internal sealed class BlobThumbnails(BlobServiceClient service, IBlobStore blobs, AllowedContainers containers, TimeProvider clock)
    : IThumbnailStore
{
    /// <summary>The start of the names of thumbnails of addresses.</summary>
    private const string OfAddresses = $"{ThumbnailOptions.Callers}/{ThumbnailOptions.Addresses}/";

    private readonly BlobSignatures _signatures = new(service, clock);

    public bool CanHandle(SourceUri place) => BlobPath.IsBlob(place);

    public async Task<Uri?> FindLinkAsync(SourceUri place, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var (containerName, name) = containers.EnsureWritable(BlobPath.Parse(place));
        var blob = service.GetBlobContainerClient(containerName).GetBlobClient(name);

        return await _signatures.SignAsync(blob, BlobSasPermissions.Read, lifetime, cancellationToken);
    }

    public Task<int> RemoveCallersBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) => RemoveBeforeAsync(
        ThumbnailOptions.Callers + "/",
        blob => blob.Properties.LastModified < time && !blob.Name.StartsWith(OfAddresses, StringComparison.Ordinal),
        cancellationToken);

    public Task<int> RemoveAddressesBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) =>
        RemoveBeforeAsync(OfAddresses, blob => blob.Properties.LastModified < time, cancellationToken);

    private async Task<int> RemoveBeforeAsync(string prefix, Func<BlobItem, bool> isOld, CancellationToken cancellationToken)
    {
        if (containers.Output.Length == 0)
        {
            return 0;
        }

        var container = service.GetBlobContainerClient(containers.Output);
        var removed = 0;
        try
        {
            var listing = new GetBlobsOptions { Prefix = prefix };
            await foreach (var blob in container.GetBlobsAsync(listing, cancellationToken).Where(isOld))
            {
                // Not a thumbnail that was written again meanwhile.
                var unchanged = new BlobRequestConditions { IfMatch = blob.Properties.ETag };
                await container.GetBlobClient(blob.Name).DeleteIfExistsAsync(DeleteSnapshotsOption.None, unchanged, cancellationToken);
                removed++;
            }
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound
            || missing.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            // Removed the next time.
        }

        return removed;
    }

    public async Task RemoveCallersAsync(SourceUri place, CancellationToken cancellationToken)
    {
        var (containerName, prefix) = containers.EnsureWritable(BlobPath.Parse(place));
        var container = service.GetBlobContainerClient(containerName);
        try
        {
            await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken))
            {
                await container.GetBlobClient(blob.Name)
                    .DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
            }
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // There are no thumbnails yet.
        }
    }

    public Task<Stream> OpenAsync(SourceUri place, CancellationToken cancellationToken) =>
        OpenAsync(place, isWhole: false, cancellationToken);

    public Task<Stream> OpenWholeAsync(SourceUri place, CancellationToken cancellationToken) =>
        OpenAsync(place, isWhole: true, cancellationToken);

    public Task PutAsync(SourceUri place, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken) =>
        UploadAsync(
            place, bytes, new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } }, cancellationToken);

    public async Task<bool> TryAddAsync(SourceUri place, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            var onlyNew = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await UploadAsync(place, bytes, onlyNew, cancellationToken);

            return true;
        }
        catch (RequestFailedException exists)
            when (exists.ErrorCode == BlobErrorCode.BlobAlreadyExists || exists.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
    }

    private async Task<Stream> OpenAsync(SourceUri place, bool isWhole, CancellationToken cancellationToken) =>
        await blobs.FindAsync(containers.EnsureWritable(BlobPath.Parse(place)), isWhole, cancellationToken) is { } found
            ? found.Content
            : throw new RefusedException(ErrorCode.SourceNotFound, "The thumbnail does not exist, or no longer exists.");

    private async Task UploadAsync(
        SourceUri place, ReadOnlyMemory<byte> bytes, BlobUploadOptions options, CancellationToken cancellationToken)
    {
        var path = containers.EnsureWritable(BlobPath.Parse(place));
        var container = service.GetBlobContainerClient(path.Container);
        var blob = container.GetBlobClient(path.Name);
        var content = BinaryData.FromBytes(bytes);
        try
        {
            await blob.UploadAsync(content, options, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await blob.UploadAsync(content, options, cancellationToken);
        }
    }
}
