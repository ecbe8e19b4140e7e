using ImageResize.Core.Errors;
using ImageResize.Core.Jobs.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Which containers images are read from and thumbnails go to.</summary>
internal sealed class TrustedContainers(IOptions<BlobOptions> blobs, IOptions<ThumbnailOptions> thumbnails)
{
    private readonly HashSet<string> _allowed = [.. blobs.Value.Containers];
    private readonly string _output = thumbnails.Value.OutputContainer;

    /// <summary>Thumbnails are read back one by one, and never become the images of a batch.</summary>
    /// <exception cref="RefusedException">It is not for reading; whether it is there plays no part.</exception>
    public BlobPlace CheckRead(BlobPlace place)
    {
        if (place.Container != _output && !_allowed.Contains(place.Container))
        {
            throw NotAllowed($"Images are not read from the container {place.Container}");
        }

        if (place.IsFolder && (place.Container == _output || ThumbnailPlaces.IsResizedBlob(place.Name)))
        {
            throw NotAllowed("Images in here are thumbnails already");
        }

        return place;
    }

    /// <exception cref="RefusedException">Thumbnails do not go there, or no longer.</exception>
    public void CheckWrite(BlobPlace place)
    {
        var isOurs = place.Container == _output
            || (_allowed.Contains(place.Container) && ThumbnailPlaces.IsResizedBlob(place.Name));
        if (!isOurs)
        {
            throw NotAllowed($"Thumbnails do not go to the container {place.Container}");
        }
    }

    private static RefusedException NotAllowed(string message) => new(ErrorCode.SourceNotAllowed, message);
}
