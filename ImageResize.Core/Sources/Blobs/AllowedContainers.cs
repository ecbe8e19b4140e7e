using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Blobs;

/// <summary>Decides which containers images are read from and thumbnails are written to.</summary>
internal sealed class AllowedContainers(IOptions<BlobOptions> blobs, IOptions<ThumbnailOptions> thumbnails)
{
    private readonly HashSet<string> _allowed = [.. blobs.Value.Containers];

    /// <summary>The container for thumbnails of all blobs; empty if each blob's own container is used.</summary>
    public string Output { get; } = thumbnails.Value.OutputContainer;

    public bool IsAllowed(string container) => _allowed.Contains(container);

    /// <summary>A single thumbnail can be read; a folder of thumbnails cannot, since thumbnails are never images of a batch.</summary>
    /// <returns>The same path.</returns>
    /// <exception cref="RefusedException">The path must not be read, whether it exists or not.</exception>
    public BlobPath EnsureReadable(BlobPath path)
    {
        if (path.Container != Output && !_allowed.Contains(path.Container))
        {
            throw NotAllowed($"The container {path.Container} is not in ImageResize__Blobs__AllowedContainers");
        }

        if (path.Container == Output && path.Name.StartsWith(ThumbnailOptions.Callers + "/", StringComparison.Ordinal))
        {
            throw NotAllowed("Thumbnails of uploads and web images are not read as sources. Use the upload or the web address itself");
        }

        if (path.IsFolder && (path.Container == Output || path.IsResized))
        {
            throw NotAllowed("Images in this folder are already thumbnails");
        }

        return path;
    }

    /// <returns>The same path.</returns>
    /// <exception cref="RefusedException">Thumbnails are not written there, or no longer.</exception>
    public BlobPath EnsureWritable(BlobPath path)
    {
        var isWritable = path.Container == Output || (_allowed.Contains(path.Container) && path.IsResized);

        return isWritable ? path : throw NotAllowed($"Thumbnails are not written to the container {path.Container}");
    }

    private static RefusedException NotAllowed(string message) => new(ErrorCode.SourceNotAllowed, message);
}
