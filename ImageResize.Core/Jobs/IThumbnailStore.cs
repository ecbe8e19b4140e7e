using ImageResize.Core.Imaging;

namespace ImageResize.Core.Jobs;

/// <summary>Where thumbnails go.</summary>
public interface IThumbnailStore
{
    /// <summary>The place of a thumbnail, spelled as a source: another for every source and every wanted thumbnail.</summary>
    string PlaceOf(string source, WantedThumbnail wanted, ImageFormat format);

    /// <summary>The thumbnail appears whole or not at all; one that is there already is replaced.</summary>
    Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken);
}
