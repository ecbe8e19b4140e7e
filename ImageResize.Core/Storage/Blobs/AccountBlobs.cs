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

    public async Task<OpenedBlob?> FindAsync(BlobPath blob, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await BlobStream.FindAsync(ClientOf(blob), isWhole, cancellationToken);

            return stream is null ? null : new OpenedBlob(stream, stream.ContentEncoding);
        }
        catch (RequestFailedException archived)
            when (archived.ErrorCode == BlobErrorCode.BlobArchived || archived.ErrorCode == BlobErrorCode.BlobBeingRehydrated)
        {
            throw new RefusedException(ErrorCode.SourceUnreachable, "The blob is in the archive tier, where it cannot be read");
        }
    }

    public async Task<string?> FindVersionAsync(BlobPath blob, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await ClientOf(blob).GetPropertiesAsync(cancellationToken: cancellationToken);

            return found.ETag.ToString();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    public async IAsyncEnumerable<ListedBlob> ListAsync(
        BlobPath folder,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in ListFromAsync(folder, after, cancellationToken))
        {
            // Azurite ignores the start and lists from the first blob. After the last name, the order of the service applies.
            if (after is not null && string.CompareOrdinal(blob.Name, after) <= 0)
            {
                after = blob.Name == after ? null : after;
                continue;
            }

            after = null;
            yield return new ListedBlob(blob.Name, blob.Properties.ContentType, IsFolderMarker(blob))
            {
                Version = blob.Properties.ETag?.ToString() ?? "",
            };
        }
    }

    /// <summary>As tools for Hadoop and Data Lake mark blobs that stand for a folder.</summary>
    private static bool IsFolderMarker(BlobItem blob) =>
        blob.Metadata?.Any(pair =>
            pair.Key.Equals("hdi_isfolder", StringComparison.OrdinalIgnoreCase)
            && pair.Value.Equals("true", StringComparison.OrdinalIgnoreCase)) == true;

    private IAsyncEnumerable<BlobItem> ListFromAsync(BlobPath folder, string? start, CancellationToken cancellationToken)
    {
        var container = service.GetBlobContainerClient(folder.Container);

        return folder.IsRecursive
            ? container.GetBlobsAsync(
                new GetBlobsOptions { Prefix = folder.Prefix, StartFrom = start, Traits = BlobTraits.Metadata },
                cancellationToken)
            : container.GetBlobsByHierarchyAsync(
                    new GetBlobsByHierarchyOptions
                    {
                        Prefix = folder.Prefix,
                        Delimiter = "/",
                        StartFrom = start,
                        Traits = BlobTraits.Metadata,
                    },
                    cancellationToken)
                .Where(found => found.IsBlob)
                .Select(found => found.Blob);
    }

    private BlobClient ClientOf(BlobPath blob) => service.GetBlobContainerClient(blob.Container).GetBlobClient(blob.Name);
}
