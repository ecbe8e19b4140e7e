using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Sources;

/// <summary>Where images may come from. Bound from <c>ImageResize:Sources</c>.</summary>
public sealed class SourcesOptions
{
    /// <summary>The folder that callers know as <c>/ImageResize/images</c>.</summary>
    [Required]
    public string ImagesRoot { get; set; } = "";

    /// <summary>Larger sources are refused.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxBytes { get; init; } = 100_000_000;

    /// <summary>What the sources at work take together; more wait until there is room. One alone always has it.</summary>
    [Range(1, int.MaxValue)]
    public int MaxBytesInMemory { get; init; } = 300_000_000;
}
