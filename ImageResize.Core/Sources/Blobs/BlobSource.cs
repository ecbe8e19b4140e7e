using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Blobs;

/// <summary>Blobs in the containers that the settings allow. A prefix that ends in a slash is a folder.</summary>
internal sealed class BlobSource(IBlobStore blobs, AllowedContainers containers, ImageNames imageNames) : IFolderSource
{
    public string Form => "blob://";

    public bool CountsQuickly => false;

    public bool CanHandle(SourceUri source) => BlobPath.IsBlob(source);

    public SourceUri Normalize(SourceUri source) => Read(source).ToUri();

    public async Task<SourceKind> FindKindAsync(SourceUri source, CancellationToken cancellationToken)
    {
        var path = Read(source);
        if (path.IsFolder)
        {
            return SourceKind.Folder;
        }

        return await blobs.ExistsAsync(path, cancellationToken) ? SourceKind.File : SourceKind.Missing;
    }

    public Task<bool> IsFolderAsync(SourceUri source, CancellationToken cancellationToken) => Task.FromResult(Read(source).IsFolder);

    public Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken) =>
        OpenAsync(Read(source), isWhole: false, cancellationToken);

    public Task<Stream> OpenWholeAsync(SourceUri source, CancellationToken cancellationToken) =>
        OpenAsync(Read(source), isWhole: true, cancellationToken);

    /// <summary>Lists the images in the order of the service, without thumbnails.</summary>
    public async IAsyncEnumerable<SourceUri> ListAsync(
        SourceUri folder,
        SourceUri? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = Read(folder);
        if (!await blobs.ContainerExistsAsync(path.Container, cancellationToken))
        {
            throw new RefusedException(ErrorCode.SourceNotFound, "The image folder does not exist");
        }

        // Not parsed: a container may list names that are refused as sources.
        var last = after?.Path[(path.Container.Length + 1)..];
        await foreach (var name in blobs.ListAsync(path, last, cancellationToken))
        {
            if (path with { Name = name } is { IsResized: false } blob && imageNames.IsImage(name))
            {
                yield return blob.ToUri();
            }
        }
    }

    public SourceUri PlaceThumbnail(SourceUri source, ThumbnailName name) =>
        BlobPath.Parse(source).PlaceThumbnail(containers.Output, name).ToUri();

    public SourceUri PlaceThumbnails(SourceUri folder) => BlobPath.Parse(folder).PlaceThumbnails(containers.Output).ToUri();

    public bool IsThumbnail(SourceUri source) =>
        BlobPath.Parse(source) is var path && (path.IsResized || path.Container == containers.Output);

    private async Task<Stream> OpenAsync(BlobPath path, bool isWhole, CancellationToken cancellationToken)
    {
        if (path.IsFolder)
        {
            throw new RefusedException(ErrorCode.SourceNotAFile, "The given image path is not a file.");
        }

        return await blobs.FindAsync(path, isWhole, cancellationToken)
            ?? throw new RefusedException(ErrorCode.SourceNotFound, "Image file does not exist.");
    }

    private BlobPath Read(SourceUri source) => containers.EnsureReadable(BlobPath.Parse(source));
}
