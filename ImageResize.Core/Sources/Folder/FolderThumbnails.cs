using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Folder;

/// <summary>Stores thumbnails under <c>resized/</c> in the images folder, in the same subfolders as their sources.</summary>
internal sealed class FolderThumbnails(IOptions<SourcesOptions> options) : IThumbnailStore
{
    /// <summary>Links are not followed.</summary>
    private static readonly EnumerationOptions Own = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    private static readonly EnumerationOptions OwnAndBelow =
        new() { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true };

    private readonly TrustedFolder _resized = UnfinishedFiles.ResizedUnder(options.Value.ImagesRoot);
    private readonly TrustedFolder _images = new(options.Value.ImagesRoot);
    private readonly UnfinishedFiles _unfinished = UnfinishedFiles.Under(options.Value.ImagesRoot);

    public bool CanHandle(SourceUri place) => place.Scheme.Length == 0 && FolderPath.IsResized(place.Path);

    public Task<Uri?> FindLinkAsync(SourceUri place, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    public Task<int> RemoveSharedBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(RemoveSharedBefore(time, cancellationToken));
        }
        catch (RefusedException missing) when (missing.Code == ErrorCode.SourceNotFound)
        {
            // There are no thumbnails yet, or the folder is not mounted.
            return Task.FromResult(0);
        }
        catch (Exception fault) when (fault is RefusedException or IOException or UnauthorizedAccessException)
        {
            throw new ThumbnailStoreException($"The place for thumbnails {FolderFault.Explain(fault)}.", fault);
        }
    }

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

    private int RemoveSharedBefore(DateTimeOffset time, CancellationToken cancellationToken)
    {
        using var shared = _resized.OpenFolder(ThumbnailOptions.Shared);
        var removed = 0;
        foreach (var host in new DirectoryInfo(shared.PathOfFolder).EnumerateDirectories("*", Own).Where(host => !HasImages(host.Name)))
        {
            foreach (var old in host.EnumerateFiles("*", OwnAndBelow).Where(file => file.LastWriteTimeUtc < time.UtcDateTime))
            {
                cancellationToken.ThrowIfCancellationRequested();
                old.Delete();
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Thumbnails of images in a folder <c>web/</c> are written to the same place, and are kept.</summary>
    private bool HasImages(string host) => _images.FindKind($"{ThumbnailOptions.Shared}/{host}") != SourceKind.Missing;

    private void Put(string relative, ReadOnlySpan<byte> bytes)
    {
        var slash = relative.LastIndexOf('/') + 1;
        using var folder = _resized.OpenOrCreateFolder(relative[..slash]);
        var path = Path.Combine(folder.PathOfFolder, relative[slash..]);

        // Not flushed to disk: that takes as long as making the thumbnail, and a thumbnail lost to a power failure can be made again.
        _unfinished.Write(bytes, written => File.Move(written, path, overwrite: true));
    }
}
