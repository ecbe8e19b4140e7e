using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Jobs.Thumbnails;

/// <summary>One kind of place that thumbnails go to: the images folder, or blobs.</summary>
public interface IThumbnailStore
{
    /// <param name="place">As <see cref="ThumbnailPlaces"/> spelled it: like a source.</param>
    bool Owns(string place);

    /// <summary>The thumbnail appears whole or not at all; one that is there already is replaced.</summary>
    Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken);

    /// <summary>A link by which anyone may read the thumbnail for a while; null where there is no such thing.</summary>
    Task<Uri?> FindLinkAsync(string place, TimeSpan lifetime, CancellationToken cancellationToken);
}
