namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Size of a JPEG as stored, and its EXIF orientation, 1 to 8.</summary>
internal readonly record struct JpegHeader(int Width, int Height, int Orientation)
{
    /// <summary>libjpeg's JPEG_MAX_DIMENSION.</summary>
    private const int LongestSide = 65_500;

    /// <returns>
    /// Null if <paramref name="start"/> does not contain everything before the pixels, or contains something that is left to libvips.
    /// </returns>
    public static JpegHeader? Find(ReadOnlySpan<byte> start)
    {
        var decoder = JpegDecoder.OfThread;
        if (!decoder.TryMeasure(start) || Math.Max(decoder.Frame.Width, decoder.Frame.Height) > LongestSide)
        {
            return null;
        }

        return new JpegHeader(decoder.Frame.Width, decoder.Frame.Height, decoder.Metadata.Orientation);
    }
}
