using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Sources.Thumbnails;

/// <summary>Where thumbnails are written. Bound from <c>ImageResize:Thumbnails</c>.</summary>
public sealed class ThumbnailOptions
{
    /// <summary>
    /// The container for thumbnails of blobs, uploads and web images. If empty, thumbnails of a blob are written to <c>resized/</c> in its
    /// own container, and those of uploads and web images to <c>resized/_callers/</c> in the images folder.
    /// </summary>
    [RegularExpression(
        "^([a-z0-9](-?[a-z0-9]){2,62})?$",
        ErrorMessage = "ImageResize__Thumbnails__OutputContainer must be a valid container name.")]
    public string OutputContainer { get; init; } = "";

    /// <summary>
    /// How long links to thumbnails in containers are valid. Above 0, requests for such a thumbnail are redirected to a link, and storage
    /// serves the bytes; at 0, the service does.
    /// </summary>
    [Range(0, 86_400)]
    public int LinkSeconds { get; init; }

    /// <summary>
    /// How many days thumbnails of uploads and web images are kept. 0: as long as results. -1: forever. Thumbnails of files and blobs
    /// are never deleted.
    /// </summary>
    [Range(-1, 36_500)]
    public int RetentionDays { get; init; }

    /// <summary>
    /// The folder for thumbnails of uploads and web images, with a subfolder for each caller. Nothing in a folder of this name is a source.
    /// No container can have this name, so thumbnails of blobs are never written there.
    /// </summary>
    internal const string Callers = "_callers";

    /// <summary>
    /// The name, among the folders of callers, of the folder for thumbnails of addresses. It isn't the tag of a caller, and has a retention
    /// of its own.
    /// </summary>
    internal const string Addresses = "addresses";

    /// <summary>Whether <see cref="PlaceForCaller"/> has returned this place, for any caller.</summary>
    internal bool IsForCaller(SourceUri place) =>
        ((place.Scheme.Length == 0 && place.Path.StartsWith($"{SourcesOptions.ResizedPath}/{Callers}/", StringComparison.Ordinal))
            || (place.Scheme == "blob" && OutputContainer.Length > 0
                && place.Path.StartsWith($"{OutputContainer}/{Callers}/", StringComparison.Ordinal)))
        && !place.Path.Split('/').Contains("..");

    /// <summary>Returns the place for a thumbnail whose source cannot store thumbnails: an upload or a web image.</summary>
    internal SourceUri PlaceForCaller(string path) => PlaceAmongCallers($"{CurrentCaller.Tag}/{path}");

    /// <summary>Returns the place for a thumbnail of an address, or for its lease.</summary>
    internal SourceUri PlaceForAddress(string path) => PlaceAmongCallers($"{Addresses}/{path}");

    private SourceUri PlaceAmongCallers(string path) => OutputContainer.Length > 0
        ? new SourceUri("blob", $"{OutputContainer}/{Callers}/{path}")
        : new SourceUri("", $"{SourcesOptions.ResizedPath}/{Callers}/{path}");
}
