using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Imaging;

/// <summary>What one image may cost us. Bound from <c>ImageResize:Imaging</c> (<c>ImageResize__Imaging__MaxMegapixels</c>).</summary>
public sealed class ImagingOptions
{
    /// <summary>
    /// Larger images are refused from their header, before a pixel is decoded; frames count when they are kept.
    /// Eight bytes are allowed for each pixel, which some need more of: AVIF fifteen.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxMegapixels { get; init; } = 50;

    /// <summary>A header that declares more is not believed when it is measured. Higher, because no pixel is decoded for it.</summary>
    [Range(1, 10_000)]
    public int MaxMeasuredMegapixels { get; init; } = 1_000;

    /// <summary>Frames of an animation that is to be kept. (libvips takes ten thousand for a mistake.)</summary>
    [Range(1, 9_999)]
    public int MaxFrames { get; init; } = 100;

    [Range(1, 100)]
    public int JpegQuality { get; init; } = 80;

    [Range(1, 100)]
    public int WebPQuality { get; init; } = 80;

    [Range(1, 100)]
    public int AvifQuality { get; init; } = 55;

    /// <summary>
    /// A picture that takes longer is stopped: so much processor time, or four times as much on the clock. The wait for a core does not count.
    /// </summary>
    [Range(1, 240)]
    public int DeadlineSeconds { get; init; } = 8;
}
