using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Imaging.FastPath;

/// <summary>Makes small JPEGs of JPEGs and PNGs without libvips, if the source and everything that is asked for is supported.</summary>
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

        return ShrunkPng.Matches(source)
            ? TryMakeOfPng(source, specs, cancellationToken)
            : TryMakeOfJpeg(source, specs, cancellationToken);
    }

    private Thumbnail[]? TryMakeOfJpeg(ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
    {
        using var jpeg = JpegFastPath.Decode(source, specs, limits.MaxMegapixels * Megapixel, cancellationToken);
        if (jpeg is null)
        {
            return null;
        }

        var thumbnails = new Thumbnail[specs.Count];
        for (var i = 0; i < thumbnails.Length; i++)
        {
            using var step = MeasuredStep.Encode.Start("jpeg");
            thumbnails[i] = Encode(jpeg.Resize(specs[i]), specs[i]);
        }

        return thumbnails;
    }

    private Thumbnail[]? TryMakeOfPng(ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
    {
        var png = ShrunkPng.OfThread;
        if (specs.Any(spec => spec.Format is null)
            || !png.TryDecode(source, specs, limits.MaxMegapixels * Megapixel, cancellationToken))
        {
            return null;
        }

        var thumbnails = new Thumbnail[specs.Count];
        for (var i = 0; i < thumbnails.Length; i++)
        {
            using var step = MeasuredStep.Encode.Start("jpeg");
            thumbnails[i] = Encode(png.Get(i), specs[i]);
        }

        return thumbnails;
    }

    private Thumbnail Encode(ThumbnailPlanes planes, ThumbnailSpec spec) =>
        new((t_encoder ??= new JpegEncoder()).Encode(planes, QualityOf(spec)), ImageFormat.Jpeg, planes.Width, planes.Height);

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

        Background = spec.Background,

        // Have no effect: gravity unless the image is cropped, and animation because neither a JPEG nor the PNGs read here have any.
        Gravity = spec.Fit == Fit.Cover ? Gravity.Centre : spec.Gravity,
        Animated = spec.Animated,
    };

    private int QualityOf(ThumbnailSpec spec) => spec.Quality ?? quality.Jpeg;
}
