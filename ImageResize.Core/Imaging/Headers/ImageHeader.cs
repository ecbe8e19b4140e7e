using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Metadata;
using NetVips;

namespace ImageResize.Core.Imaging.Headers;

/// <summary>How an image's colours become sRGB.</summary>
internal enum ColourConversion
{
    None,
    FromProfile,
    FromCmyk,
}

/// <summary>What is known of an image before its pixels: as stored, not yet upright.</summary>
/// <param name="Frames">In the file; 1 when it does not move.</param>
/// <param name="BytesPerPixel">That decoding may hold for each, by what the header says of its colours: what a limit is compared with.</param>
/// <param name="HasManyScans">A progressive JPEG.</param>
internal sealed record ImageHeader(
    ImageFormat Format,
    int Width,
    int Height,
    int Orientation = 1,
    int Frames = 1,
    int BytesPerPixel = 4,
    ColourConversion Conversion = ColourConversion.None,
    bool HasManyScans = false)
{
    /// <summary>Of one frame. A GIF whose first frame is larger than its canvas can have more than it shows.</summary>
    public long DecodedPixels { get; init; } = (long)Width * Height;

    public bool IsTurned => Orientation >= 5;

    public ImageSize Size => new(Width, Height, Orientation, Format);

    public static ImageHeader Of(Image image, ImageFormat format)
    {
        var hasManyScans = Number(image, "jpeg-multiscan") == 1;

        return new ImageHeader(
            format,
            image.Width,
            image.Height,
            Number(image, "orientation") is >= 1 and <= 8 and var turn ? turn : 1,
            Math.Max(1, Number(image, "n-pages")),
            BytesHeld(image, format, hasManyScans),
            image.Interpretation == Enums.Interpretation.Cmyk ? ColourConversion.FromCmyk
                : ColourProfile.IsNeeded(image) ? ColourConversion.FromProfile
                : ColourConversion.None,
            hasManyScans);
    }

    /// <summary>
    /// A rule and not a forecast: it decides what is refused, so it is to be the same on each machine and with each version of a decoder.
    /// <see cref="MemoryEstimate"/> forecasts what the process takes, by the worst that was measured of a format, for no decoder has yet
    /// said how deep its colours are: there every AVIF counts 26, here 15 of 8 bits, which lets 24 megapixels pass, and 30 of 12 bits
    /// (measured: 16 to 20, and 20 to 26).
    /// </summary>
    private static int BytesHeld(Image image, ImageFormat format, bool hasManyScans)
    {
        // An AVIF's planes, their copies and the colours made of them stand side by side; a JPEG in scans is held as two bytes a
        // coefficient until the last of them.
        const int AvifCopies = 5;
        var pixel = image.Bands * SizeOf(image.Format);
        var isHalved = image.Contains("jpeg-chroma-subsample") && image.Get("jpeg-chroma-subsample") is "4:2:0";

        return format == ImageFormat.Avif ? AvifCopies * pixel
            : hasManyScans ? pixel + (isHalved ? image.Bands : 2 * image.Bands)
            : pixel;
    }

    private static int Number(Image image, string field) => image.Contains(field) && image.Get(field) is int number ? number : 0;

    private static int SizeOf(Enums.BandFormat format) => format switch
    {
        Enums.BandFormat.Uchar or Enums.BandFormat.Char => 1,
        Enums.BandFormat.Ushort or Enums.BandFormat.Short => 2,
        Enums.BandFormat.Uint or Enums.BandFormat.Int or Enums.BandFormat.Float => 4,
        Enums.BandFormat.Dpcomplex => 16,
        _ => 8,
    };
}
