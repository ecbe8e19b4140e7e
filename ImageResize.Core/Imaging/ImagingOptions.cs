using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging;

/// <summary>
/// Limits of one image and default qualities. Bound from <c>ImageResize:Imaging</c> (<c>ImageResize__Imaging__MaxMegapixels</c>).
/// </summary>
public sealed class ImagingOptions
{
    /// <summary>
    /// Larger images are refused by their header, before any pixel is decoded. Frames count if they are kept. Eight bytes are allowed for
    /// each pixel; some formats need more, AVIF fifteen.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxMegapixels { get; init; } = 50;

    /// <summary>Larger images are not measured. Higher than <see cref="MaxMegapixels"/>, because measuring decodes no pixels.</summary>
    [Range(1, 10_000)]
    public int MaxMeasuredMegapixels { get; init; } = 1_000;

    /// <summary>Frames of an animation that is kept. libvips rejects images with ten thousand frames or more.</summary>
    [Range(1, 9_999)]
    public int MaxFrames { get; init; } = 100;

    [Range(1, 100)]
    public int JpegQuality { get; init; } = 80;

    [Range(1, 100)]
    public int WebPQuality { get; init; } = 80;

    [Range(1, 100)]
    public int AvifQuality { get; init; } = 55;

    /// <summary>
    /// Processor seconds after which an image is stopped, or four times as many seconds of elapsed time. Time in the queue does not count.
    /// </summary>
    [Range(1, 240)]
    public int DeadlineSeconds { get; init; } = 8;

    /// <summary>Where libvips reads images.</summary>
    public DecoderIsolation Isolation { get; init; } = DecoderIsolation.InProcess;

    internal ImageLimits GetLimits() => new(MaxMegapixels, MaxMeasuredMegapixels, MaxFrames);

    internal QualitySettings GetQualitySettings() => new(JpegQuality, WebPQuality, AvifQuality);
}
