namespace ImageResize.Core.Imaging;

/// <summary>What a header may declare before we go on.</summary>
internal sealed class Limits(ImagingOptions options)
{
    private const long Megapixel = 1_000_000;

    // A line of pixels can stay below any number of megapixels and still be nothing that anybody drew.
    private const int LongestSide = 1_000_000;

    // Four channels of 16 bits: what a photo or a scan can need. A TIFF can declare hundreds of channels.
    private const int BytesAllowedForPixel = 8;

    /// <exception cref="ImageRefusedException">No image has this size.</exception>
    public ImageHeader CheckMeasured(ImageHeader header)
    {
        if (Math.Max(header.Width, header.Height) > LongestSide || Pixels(header) > options.MaxMeasuredMegapixels * Megapixel)
        {
            throw ImageRefusedException.TooLarge(
                $"claims {header.Width} x {header.Height} pixels",
                $"{options.MaxMeasuredMegapixels} megapixels and {LongestSide} pixels a side");
        }

        return header;
    }

    /// <exception cref="ImageRefusedException">Decoding would cost more than the settings allow.</exception>
    public void CheckDecoded(ImageHeader header, int frames)
    {
        if (frames > options.MaxFrames)
        {
            throw ImageRefusedException.TooLarge($"has {frames} frames", $"{options.MaxFrames} frames when an animation is kept");
        }

        var pixels = Pixels(header) * frames;
        var most = options.MaxMegapixels * Megapixel;
        if (pixels > most)
        {
            throw ImageRefusedException.TooLarge(
                $"has {header.Width} x {header.Height} pixels{(frames > 1 ? $" in each of {frames} frames" : "")}",
                $"{options.MaxMegapixels} megapixels");
        }

        if (pixels * header.BytesPerPixel > most * BytesAllowedForPixel)
        {
            throw ImageRefusedException.TooLarge(
                $"takes {pixels * header.BytesPerPixel / Megapixel} MB to decode",
                $"{options.MaxMegapixels * BytesAllowedForPixel} MB");
        }
    }

    private static long Pixels(ImageHeader header) => (long)header.Width * header.Height;
}
