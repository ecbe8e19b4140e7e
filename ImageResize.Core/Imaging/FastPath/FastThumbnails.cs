using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Imaging.FastPath;

/// <summary>Makes small JPEGs of JPEGs without libvips, if the source and everything that is asked for is supported.</summary>
internal sealed class FastThumbnails(ImageLimits limits, QualitySettings quality)
{
    /// <summary>From this quality on libvips writes chroma in full resolution. The fast path writes it at half size.</summary>
    private const int FullChromaQuality = 90;

    private const long Megapixel = 1_000_000;

    [ThreadStatic]
    private static JpegEncoder? t_encoder;

    /// <returns>Null if libvips has to make all of the thumbnails: the source or one of the specs is not supported.</returns>
    public IReadOnlyList<Thumbnail>? TryMake(
        ReadOnlySpan<byte> source,
        IReadOnlyList<ThumbnailSpec> specs,
        CancellationToken cancellationToken)
    {
        if (!specs.All(IsSupported))
        {
            return null;
        }

        using var jpeg = JpegFastPath.Decode(source, specs, limits.MaxMegapixels * Megapixel, cancellationToken);
        if (jpeg is null)
        {
            return null;
        }

        t_encoder ??= new JpegEncoder();
        var thumbnails = new Thumbnail[specs.Count];
        for (var i = 0; i < thumbnails.Length; i++)
        {
            using var step = MeasuredStep.Encode.Start("jpeg");
            var planes = jpeg.Resize(specs[i]);
            var bytes = t_encoder.Encode(planes, QualityOf(specs[i]));
            thumbnails[i] = new Thumbnail(bytes, ImageFormat.Jpeg, planes.Width, planes.Height);
        }

        return thumbnails;
    }

    private bool IsSupported(ThumbnailSpec spec) =>
        spec == WithSupportedOptions(spec)
        && (spec.Format is null or ImageFormat.Jpeg)
        && (spec.Fit is Fit.Inside or Fit.Cover or Fit.Fill)
        && QualityOf(spec) < FullChromaQuality;

    /// <summary>
    /// A copy with the supported options only. A spec with any other option differs from its copy, so an option that is added later is
    /// not supported until it is copied here.
    /// </summary>
    private static ThumbnailSpec WithSupportedOptions(ThumbnailSpec spec) => new(spec.Width, spec.Height)
    {
        Fit = spec.Fit,
        Format = spec.Format,
        Quality = spec.Quality,

        // Have no effect: gravity unless the image is cropped, the other two because a JPEG has no transparency and a single frame.
        Gravity = spec.Fit == Fit.Cover ? Gravity.Centre : spec.Gravity,
        Background = spec.Background,
        Animated = spec.Animated,
    };

    private int QualityOf(ThumbnailSpec spec) => spec.Quality ?? quality.Jpeg;
}
