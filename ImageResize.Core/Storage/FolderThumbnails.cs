using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Thumbnails;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage;

/// <summary>Keeps thumbnails under <c>resized/</c> in the images folder, mirroring where their sources lie.</summary>
internal sealed class FolderThumbnails(IOptions<SourcesOptions> options) : IThumbnailStore
{
    private readonly TrustedFolder _resized = UnfinishedFiles.ResizedUnder(options.Value.ImagesRoot);
    private readonly UnfinishedFiles _unfinished = UnfinishedFiles.Under(options.Value.ImagesRoot);

    public bool Owns(string place) => FolderPath.IsResized(place);

    public Task<Uri?> FindLinkAsync(string place, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    public Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken)
    {
        try
        {
            Put(place[(FolderPath.Resized.Length + 1)..], thumbnail);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OutputFaultException($"The place for thumbnails {FolderFault.Explain(fault)}.", fault);
        }

        return Task.CompletedTask;
    }

    private void Put(string relative, Thumbnail thumbnail)
    {
        var slash = relative.LastIndexOf('/') + 1;
        using var folder = _resized.OpenOrMakeFolder(relative[..slash]);
        var path = Path.Combine(folder.PathOfFolder, relative[slash..]);

        // Not flushed to the disk: that takes as long as making it, and what a power failure takes can be made again.
        _unfinished.Write(thumbnail.Bytes.Span, grown => File.Move(grown, path, overwrite: true));
    }
}
