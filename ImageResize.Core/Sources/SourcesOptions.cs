using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Sources;

/// <summary>Where images are read from. Bound from <c>ImageResize:Sources</c>.</summary>
public sealed class SourcesOptions
{
    /// <summary>How callers write the images folder, wherever it is mounted.</summary>
    public const string ImagesPath = "/ImageResize/images";

    /// <summary>Contains the thumbnails, which are never made into thumbnails again.</summary>
    public const string ResizedPath = ImagesPath + "/resized";

    /// <summary>The folder that callers know as <see cref="ImagesPath"/>.</summary>
    public string ImagesRoot { get; set; } = "";

    /// <summary>Larger sources are refused.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxBytes { get; init; } = 100_000_000;

    /// <summary>The memory for all sources that are being processed, and for request bodies. A single source may use more.</summary>
    [Range(1, int.MaxValue)]
    public int MaxBytesInMemory { get; init; } = 300_000_000;
}
