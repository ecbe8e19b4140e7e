namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>JPEGs to small JPEGs without libvips, where what is asked allows it.</summary>
internal sealed class FastThumbnails(ImagingOptions options)
{
    /// <summary>From here on libvips writes colour in full resolution; ours halves it.</summary>
    private const int FullColourQuality = 90;

    private const long Megapixel = 1_000_000;

    [ThreadStatic]
    private static JpegEncoder? t_encoder;

    /// <returns>Null when libvips is to make them: of the source or of one of the specs the fast path knows too little.</returns>
    public IReadOnlyList<Thumbnail>? Find(
        ReadOnlySpan<byte> source,
        IReadOnlyList<ThumbnailSpec> specs,
        CancellationToken cancellationToken)
    {
        if (!specs.All(IsPlain))
        {
            return null;
        }

        // One that libvips has to make takes the others with it: known before any is made. The first need not be asked for.
        var maxPixels = options.MaxMegapixels * Megapixel;
        for (var i = 1; i < specs.Count; i++)
        {
            if (!JpegFastPath.IsFor(source, specs[i].Width, specs[i].Height, specs[i].Fit, maxPixels))
            {
                return null;
            }
        }

        var thumbnails = new Thumbnail[specs.Count];
        for (var i = 0; i < thumbnails.Length; i++)
        {
            var spec = specs[i];
            if (!JpegFastPath.TryMake(source, spec.Width, spec.Height, spec.Fit, maxPixels, cancellationToken, out var planes))
            {
                return null;
            }

            t_encoder ??= new JpegEncoder();
            var bytes = t_encoder.Encode(planes, QualityOf(spec));
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
