using ImageResize.Core.Imaging;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage;

/// <summary>Keeps thumbnails under <c>resized/</c> in the images folder, mirroring where their sources lie.</summary>
internal sealed class FolderThumbnails(IOptions<SourcesOptions> options) : IThumbnailStore
{
    /// <summary>Thumbnails grow in here and are then renamed into place; what a dead process left here is no thumbnail.</summary>
    private const string Unfinished = ".unfinished";

    private readonly TrustedFolder _resized = new(Path.Combine(options.Value.ImagesRoot, "resized"));

    public bool Owns(string place) => FolderPath.IsResized(place);

    public Task<Uri?> FindLinkAsync(string place, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    public Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken)
    {
        var relative = place[(FolderPath.Resized.Length + 1)..];
        var slash = relative.LastIndexOf('/') + 1;
        using var folder = _resized.OpenOrMakeFolder(relative[..slash]);
        using var unfinished = _resized.OpenOrMakeFolder(Unfinished);

        var grown = Path.Combine(unfinished.PathOfFolder, Guid.NewGuid().ToString("N"));
        try
        {
            using (var file = File.OpenHandle(grown, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, thumbnail.Bytes.Span, fileOffset: 0);
            }

            File.Move(grown, Path.Combine(folder.PathOfFolder, relative[slash..]), overwrite: true);
        }
        catch
        {
            File.Delete(grown);
            throw;
        }

        return Task.CompletedTask;
    }
}
