using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Jobs.Thumbnails;

/// <summary>Where thumbnails go. Bound from <c>ImageResize:Thumbnails</c>.</summary>
public sealed class ThumbnailOptions
{
    /// <summary>
    /// The container for thumbnails of blobs, uploads and web images. Empty: a blob's go to <c>resized/</c> in its own container,
    /// the others to <c>resized/web/</c> in the images folder.
    /// </summary>
    [RegularExpression("^([a-z0-9](-?[a-z0-9]){2,62})?$", ErrorMessage = "ImageResize__Thumbnails__OutputContainer is no valid container name.")]
    public string OutputContainer { get; init; } = "";

    /// <summary>
    /// Above 0, a caller who asks for a thumbnail in a container is sent to it by a link that holds for so many seconds, and storage
    /// serves the bytes; else we do.
    /// </summary>
    [Range(0, 86_400)]
    public int LinkSeconds { get; init; }
}
