using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Blobs;

/// <summary>Blobs in the containers that the settings allow. A prefix that ends in a slash is a folder.</summary>
internal sealed class BlobSource(IBlobStore blobs, AllowedContainers containers, ImageFileFilter filter) : IFolderSource
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
        OpenAsync(ReadFile(source), isWhole: false, cancellationToken);

    public Task<Stream> OpenWholeAsync(SourceUri source, CancellationToken cancellationToken) =>
        OpenAsync(ReadFile(source), isWhole: true, cancellationToken);

    public async Task<string?> FindVersionAsync(SourceUri source, CancellationToken cancellationToken) =>
        await blobs.FindVersionAsync(ReadFile(source), cancellationToken) ?? throw NotFound();

    /// <summary>
    /// Lists the blobs in the order of the service, without thumbnails. Their bytes are not read, because each blob would take a request;
    /// a listing of 5,000 blobs takes one.
    /// </summary>
    public async IAsyncEnumerable<FolderEntry> ListAsync(
        SourceUri folder,
        SourceUri? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = await ReadFolderAsync(folder, cancellationToken);

        // Not parsed: a container may list names that are refused as sources.
        var last = after?.Path[(path.Container.Length + 1)..];
        await foreach (var listed in blobs.ListAsync(path, last, cancellationToken))
        {
            if (path with { Name = listed.Name } is { IsResized: false } blob)
            {
                yield return new FolderEntry(blob.ToUri(), Check(listed));
            }
        }
    }

    public bool CanBeFolder(SourceUri source) => BlobPath.Parse(source).IsFolder;

    public async IAsyncEnumerable<ListedImage> ListVersionsAsync(
        SourceUri folder,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = await ReadFolderAsync(folder, cancellationToken);
        await foreach (var listed in blobs.ListAsync(path, after: null, cancellationToken))
        {
            if (Check(listed) is null && path with { Name = listed.Name } is { IsResized: false } blob)
            {
                yield return new ListedImage(blob.ToUri(), listed.Version);
            }
        }
    }

    public bool CanContain(SourceUri folder, SourceUri image, string? contentType)
    {
        var (path, blob) = (BlobPath.Parse(folder), BlobPath.Parse(image));

        return blob is { IsFolder: false, IsResized: false }
            && blob.Container == path.Container
            && blob.Name.StartsWith(path.Prefix, StringComparison.Ordinal)
            && (path.IsRecursive || !blob.Name[path.Prefix.Length..].Contains('/', StringComparison.Ordinal))
            && filter.CheckName(blob.Name, contentType) is null;
    }

    public SourceUri PlaceThumbnail(SourceUri source, ThumbnailName name) =>
        BlobPath.Parse(source).PlaceThumbnail(containers.Output, name).ToUri();

    public SourceUri PlaceThumbnails(SourceUri folder) => BlobPath.Parse(folder).PlaceThumbnails(containers.Output).ToUri();

    public bool IsThumbnail(SourceUri source) =>
        BlobPath.Parse(source) is var path && (path.IsResized || path.Container == containers.Output);

    private async Task<Stream> OpenAsync(BlobPath path, bool isWhole, CancellationToken cancellationToken)
    {
        var blob = await blobs.FindAsync(path, isWhole, cancellationToken) ?? throw NotFound();
        if (blob.ContentEncoding is not ("" or "identity"))
        {
            await RefuseEncodedAsync(blob, cancellationToken);
        }

        return blob.Content;
    }

    /// <summary>Checks the first bytes, because some tools declare an encoding that the blob does not have.</summary>
    private async Task RefuseEncodedAsync(OpenedBlob blob, CancellationToken cancellationToken)
    {
        try
        {
            var start = new byte[ImageFileFilter.PrefixLength];
            var length = await blob.Content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
            if (length > 0 && filter.CheckFirstBytes(start.AsSpan(0, length)) is not null)
            {
                throw new RefusedException(
                    ErrorCode.ContentEncodingNotSupported,
                    $"The blob is stored with Content-Encoding {blob.ContentEncoding}, which is not supported. "
                    + "Store the image itself, without Content-Encoding.");
            }

            blob.Content.Position = 0;
        }
        catch
        {
            await blob.Content.DisposeAsync();
            throw;
        }
    }

    private SkipReason? Check(ListedBlob blob) => blob.IsFolderMarker || blob.Name.EndsWith('/')
        ? SkipReason.FolderMarker
        : filter.CheckName(blob.Name, blob.ContentType);

    private async Task<BlobPath> ReadFolderAsync(SourceUri folder, CancellationToken cancellationToken)
    {
        var path = Read(folder);

        return await blobs.ContainerExistsAsync(path.Container, cancellationToken)
            ? path
            : throw new RefusedException(ErrorCode.SourceNotFound, "The image folder does not exist");
    }

    private BlobPath Read(SourceUri source) => containers.EnsureReadable(BlobPath.Parse(source));

    private BlobPath ReadFile(SourceUri source) => Read(source) is { IsFolder: false } path
        ? path
        : throw new RefusedException(ErrorCode.SourceNotAFile, "The given image path is not a file.");

    private static RefusedException NotFound() => new(ErrorCode.SourceNotFound, "Image file does not exist.");
}
