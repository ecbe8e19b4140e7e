using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>JPEGs to small JPEGs without libvips, where what is asked allows it.</summary>
internal sealed class FastThumbnails(ImagingOptions options)
{
    /// <summary>From here on libvips writes colour in full resolution; ours halves it.</summary>
    private const int FullColourQuality = 90;

    private const long Megapixel = 1_000_000;

    [ThreadStatic]
    private static JpegEncoder? t_encoder;

    /// <returns>Null when libvips is to make all of them: of the source or of one of the specs the fast path knows too little.</returns>
    public IReadOnlyList<Thumbnail>? Find(
        ReadOnlySpan<byte> source,
        IReadOnlyList<ThumbnailSpec> specs,
        CancellationToken cancellationToken)
    {
        if (!specs.All(IsPlain))
        {
            return null;
        }

        using var picture = JpegFastPath.Decode(source, specs, options.MaxMegapixels * Megapixel, cancellationToken);
        if (picture is null)
        {
            return null;
        }

        t_encoder ??= new JpegEncoder();
        var thumbnails = new Thumbnail[specs.Count];
        for (var i = 0; i < thumbnails.Length; i++)
        {
            var planes = picture.Resize(specs[i]);
            var bytes = t_encoder.Encode(planes, QualityOf(specs[i]));
            thumbnails[i] = new Thumbnail(bytes, ImageFormat.Jpeg, planes.Width, planes.Height);
        }

        return thumbnails;
    }

    private bool IsPlain(ThumbnailSpec spec) =>
        spec.Format is null or ImageFormat.Jpeg
        && spec.Keep == KeptMetadata.None
        && (spec.Fit != Fit.Cover || spec.Gravity == Gravity.Centre)
        && QualityOf(spec) < FullColourQuality;

    private int QualityOf(ThumbnailSpec spec) => spec.Quality ?? options.JpegQuality;
}
