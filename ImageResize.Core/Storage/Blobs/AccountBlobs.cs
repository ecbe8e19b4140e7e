using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Blobs;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Reads blobs of the storage account.</summary>
internal sealed class AccountBlobs(BlobServiceClient service) : IBlobStore
{
    public async Task<bool> ExistsAsync(BlobPath blob, CancellationToken cancellationToken) =>
        await ClientOf(blob).ExistsAsync(cancellationToken);

    public async Task<bool> ContainerExistsAsync(string container, CancellationToken cancellationToken) =>
        await service.GetBlobContainerClient(container).ExistsAsync(cancellationToken);

    public async Task<Stream?> FindAsync(BlobPath blob, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            return await BlobStream.FindAsync(ClientOf(blob), isWhole, cancellationToken);
        }
        catch (RequestFailedException archived)
            when (archived.ErrorCode == BlobErrorCode.BlobArchived || archived.ErrorCode == BlobErrorCode.BlobBeingRehydrated)
        {
            throw new RefusedException(ErrorCode.SourceUnreachable, "The blob is in the archive tier, where it cannot be read");
        }
    }

    public async IAsyncEnumerable<string> ListAsync(
        BlobPath folder,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in ListFromAsync(folder, after, cancellationToken))
        {
            // Azurite ignores the start and lists from the first blob. After the last name, the order of the service applies.
            if (after is not null && string.CompareOrdinal(name, after) <= 0)
            {
                after = name == after ? null : after;
                continue;
            }

            after = null;
            yield return name;
        }
    }

    private IAsyncEnumerable<string> ListFromAsync(BlobPath folder, string? start, CancellationToken cancellationToken)
    {
        var container = service.GetBlobContainerClient(folder.Container);

        return folder.IsRecursive
            ? container.GetBlobsAsync(new GetBlobsOptions { Prefix = folder.Prefix, StartFrom = start }, cancellationToken)
                .Select(blob => blob.Name)
            : container.GetBlobsByHierarchyAsync(
                    new GetBlobsByHierarchyOptions { Prefix = folder.Prefix, Delimiter = "/", StartFrom = start },
                    cancellationToken)
                .Where(found => found.IsBlob)
                .Select(found => found.Blob.Name);
    }

    private BlobClient ClientOf(BlobPath blob) => service.GetBlobContainerClient(blob.Container).GetBlobClient(blob.Name);
}
