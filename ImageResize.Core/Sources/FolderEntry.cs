using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources;

/// <summary>A file of a folder.</summary>
/// <param name="SkipReason">Why the file is left out of batches; null for an image.</param>
public sealed record FolderEntry(SourceUri Source, SkipReason? SkipReason = null);

/// <summary>An image as a listing describes it.</summary>
/// <param name="Version">Changes whenever the bytes of the image change.</param>
public readonly record struct ListedImage(SourceUri Source, string Version);

/// <summary>Why a file of a folder is left out of batches. docs/api.md describes each.</summary>
/// <param name="Name">In snake case. Never changes.</param>
public sealed record SkipReason(string Name)
{
    /// <summary>Includes the sidecars that macOS writes (<c>._a.jpg</c>).</summary>
    public static readonly SkipReason Hidden = new("hidden");

    /// <summary>An empty blob that stands for a folder.</summary>
    public static readonly SkipReason FolderMarker = new("folder_marker");

    /// <summary>Neither the name nor the content type of a blob says that it is an image.</summary>
    public static readonly SkipReason UnknownExtension = new("unknown_extension");

    public static readonly SkipReason UnsupportedFormat = Of(ErrorCode.UnsupportedFormat);

    /// <summary>The same reason for which a job with this file would have failed.</summary>
    public static SkipReason Of(ErrorCode code) => new(code.Name);
}
