using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Folder;

/// <summary>Stores thumbnails under <c>resized/</c> in the images folder, in the same subfolders as their sources.</summary>
internal sealed class FolderThumbnails(IOptions<SourcesOptions> options) : IThumbnailStore
{
    private readonly TrustedFolder _resized = UnfinishedFiles.ResizedUnder(options.Value.ImagesRoot);
    private readonly UnfinishedFiles _unfinished = UnfinishedFiles.Under(options.Value.ImagesRoot);

    public bool CanHandle(SourceUri place) => place.Scheme.Length == 0 && FolderPath.IsResized(place.Path);

    public Task<Uri?> FindLinkAsync(SourceUri place, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    public Task PutAsync(SourceUri place, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            Put(place.Path[(FolderPath.Resized.Length + 1)..], bytes.Span);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ThumbnailStoreException($"The place for thumbnails {FolderFault.Explain(fault)}.", fault);
        }

        return Task.CompletedTask;
    }

    private void Put(string relative, ReadOnlySpan<byte> bytes)
    {
        var slash = relative.LastIndexOf('/') + 1;
        using var folder = _resized.OpenOrCreateFolder(relative[..slash]);
        var path = Path.Combine(folder.PathOfFolder, relative[slash..]);

        // Not flushed to disk: that takes as long as making the thumbnail, and a thumbnail lost to a power failure can be made again.
        _unfinished.Write(bytes, written => File.Move(written, path, overwrite: true));
    }
}
