using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>What a header may declare before we go on.</summary>
internal sealed class ImageLimits(ImagingOptions options)
{
    private const long Megapixel = 1_000_000;

    // A line of pixels can stay below any number of megapixels and still be nothing that anybody drew.
    private const int LongestSideMeasured = 1_000_000;

    // The resize holds hundreds of bytes for each pixel of a line, so a wide strip costs as much as a large picture.
    private const int LongestSideDecoded = 100_000;

    // Four channels of 16 bits: what a photo or a scan can need. A TIFF can declare hundreds of channels.
    internal const int BytesAllowedForPixel = 8;

    /// <exception cref="RefusedException">No image has this size.</exception>
    public ImageHeader CheckMeasured(ImageHeader header)
    {
        if (LongestSide(header) > LongestSideMeasured || Pixels(header) > options.MaxMeasuredMegapixels * Megapixel)
        {
            throw ImageRefusal.TooLarge(
                $"claims {header.Width} x {header.Height} pixels",
                $"{options.MaxMeasuredMegapixels} megapixels and {LongestSideMeasured} pixels a side");
        }

        return header;
    }

    /// <exception cref="RefusedException">Decoding would cost more than the settings allow.</exception>
    public void CheckDecoded(ImageHeader header, int frames)
    {
        if (frames > options.MaxFrames)
        {
            throw ImageRefusal.TooLarge($"has {frames} frames", $"{options.MaxFrames} frames when an animation is kept");
        }

        if (LongestSide(header) > LongestSideDecoded)
        {
            throw ImageRefusal.TooLarge(
                $"has {header.Width} x {header.Height} pixels", $"{LongestSideDecoded} pixels a side");
        }

        var most = options.MaxMegapixels * Megapixel;
        if (Pixels(header) * frames > most)
        {
            throw ImageRefusal.TooLarge(
                $"has {header.Width} x {header.Height} pixels{(frames > 1 ? $" in each of {frames} frames" : "")}",
                $"{options.MaxMegapixels} megapixels");
        }

        var pixels = Math.Max(Pixels(header), header.DecodedPixels) * frames;
        if (pixels * header.BytesPerPixel > most * BytesAllowedForPixel)
        {
            throw ImageRefusal.TooLarge(
                $"takes {pixels * header.BytesPerPixel / Megapixel} MB to decode",
                $"{options.MaxMegapixels * BytesAllowedForPixel} MB");
        }
    }

    private static int LongestSide(ImageHeader header) => Math.Max(header.Width, header.Height);

    private static long Pixels(ImageHeader header) => (long)header.Width * header.Height;
}
