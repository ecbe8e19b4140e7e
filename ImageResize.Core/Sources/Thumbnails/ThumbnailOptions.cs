using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Sources.Thumbnails;

/// <summary>Where thumbnails are written. Bound from <c>ImageResize:Thumbnails</c>.</summary>
public sealed class ThumbnailOptions
{
    /// <summary>
    /// The container for thumbnails of blobs, uploads and web images. If empty, thumbnails of a blob are written to <c>resized/</c> in its
    /// own container, and those of uploads and web images to <c>resized/web/</c> in the images folder.
    /// </summary>
    [RegularExpression(
        "^([a-z0-9](-?[a-z0-9]){2,62})?$",
        ErrorMessage = "ImageResize__Thumbnails__OutputContainer is no valid container name.")]
    public string OutputContainer { get; init; } = "";

    /// <summary>
    /// How long links to thumbnails in containers are valid. Above 0, requests for such a thumbnail are redirected to a link, and storage
    /// serves the bytes; at 0, the service does.
    /// </summary>
    [Range(0, 86_400)]
    public int LinkSeconds { get; init; }

    /// <summary>
    /// How many days thumbnails of uploads and web images are kept. 0: as long as results. -1: without end. Thumbnails of files and blobs
    /// are never deleted.
    /// </summary>
    [Range(-1, 36_500)]
    public int RetentionDays { get; init; }

    /// <summary>The folder for thumbnails whose source cannot store them.</summary>
    internal const string Shared = "web";

    /// <summary>Returns the place for a thumbnail whose source cannot store thumbnails: an upload or a web image.</summary>
    internal SourceUri PlaceShared(string path) => OutputContainer.Length > 0
        ? new SourceUri("blob", $"{OutputContainer}/{Shared}/{path}")
        : new SourceUri("", $"{SourcesOptions.ResizedPath}/{Shared}/{path}");
}
