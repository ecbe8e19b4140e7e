using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs.Thumbnails;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Blobs of the app's own storage account, in the containers that the settings name. Their folders are prefixes.</summary>
internal sealed class BlobSource(BlobServiceClient service, TrustedContainers containers) : IFolderSource
{
    public bool CountsQuickly => false;

    public bool Owns(string source) => BlobPlace.IsBlob(source);

    public string Check(string source) => Read(source).ToString();

    public async Task<PlaceKind> LookAsync(string source, CancellationToken cancellationToken)
    {
        var place = Read(source);
        if (place.IsFolder)
        {
            return PlaceKind.Folder;
        }

        return await BlobOf(place).ExistsAsync(cancellationToken) ? PlaceKind.File : PlaceKind.Missing;
    }

    public Task<Stream> OpenAsync(string source, CancellationToken cancellationToken) => OpenAsync(source, isWhole: false, cancellationToken);

    public Task<Stream> OpenWholeAsync(string source, CancellationToken cancellationToken) => OpenAsync(source, isWhole: true, cancellationToken);

    /// <summary>In the service's own order, a page at a time; never the thumbnails.</summary>
    public async IAsyncEnumerable<string> ListAsync(
        string folder,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = Read(folder);
        var container = service.GetBlobContainerClient(place.Container);
        if (!await container.ExistsAsync(cancellationToken))
        {
            throw new RefusedException(ErrorCode.SourceNotFound, "The image folder does not exist");
        }

        var root = new BlobPlace(place.Container, "").ToString();
        var last = after?[root.Length..];
        await foreach (var name in NamesAsync(container, place, last, cancellationToken))
        {
            if (last is not null && string.CompareOrdinal(name, last) <= 0)
            {
                // A service that knows no start, Azurite for one, begins at the beginning. Behind the last name its own order counts.
                last = name == last ? null : last;
                continue;
            }

            last = null;
            if (ImageNames.IsImage(name) && !ThumbnailPlaces.IsResizedBlob(name))
            {
                yield return root + name;
            }
        }
    }

    private async Task<Stream> OpenAsync(string source, bool isWhole, CancellationToken cancellationToken)
    {
        var place = Read(source);
        if (place.IsFolder)
        {
            throw new RefusedException(ErrorCode.SourceNotAFile, "The given image path is not a file.");
        }

        return await FindAsync(place, isWhole, cancellationToken)
            ?? throw new RefusedException(ErrorCode.SourceNotFound, "Image file does not exist.");
    }

    private async Task<BlobStream?> FindAsync(BlobPlace place, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            return await BlobStream.FindAsync(BlobOf(place), isWhole, cancellationToken);
        }
        catch (RequestFailedException asleep)
            when (asleep.ErrorCode == BlobErrorCode.BlobArchived || asleep.ErrorCode == BlobErrorCode.BlobBeingRehydrated)
        {
            throw new RefusedException(ErrorCode.SourceUnreachable, "The blob is in the archive tier, where it cannot be read");
        }
    }

    private static IAsyncEnumerable<string> NamesAsync(
        BlobContainerClient container,
        BlobPlace place,
        string? start,
        CancellationToken cancellationToken) =>
        place.IsDeep
            ? container.GetBlobsAsync(new GetBlobsOptions { Prefix = place.Prefix, StartFrom = start }, cancellationToken)
                .Select(blob => blob.Name)
            : container.GetBlobsByHierarchyAsync(
                    new GetBlobsByHierarchyOptions { Prefix = place.Prefix, Delimiter = "/", StartFrom = start },
                    cancellationToken)
                .Where(found => found.IsBlob)
                .Select(found => found.Blob.Name);

    private BlobPlace Read(string source) => containers.CheckRead(BlobPlace.Parse(source));

    private BlobClient BlobOf(BlobPlace place) => service.GetBlobContainerClient(place.Container).GetBlobClient(place.Name);
}
