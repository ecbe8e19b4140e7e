using ImageResize.Core.Errors;

namespace ImageResize.Core.Imaging.Headers;

/// <summary>Limits that a header is compared with before anything else of an image is read.</summary>
internal sealed record ImageLimits(int MaxMegapixels, int MaxMeasuredMegapixels, int MaxFrames)
{
    /// <summary>Four channels of 16 bits: as much as a photo or a scan needs. A TIFF can declare hundreds of channels.</summary>
    public const int BytesAllowedPerPixel = 8;

    private const long Megapixel = 1_000_000;

    /// <summary>An image one pixel high stays below any number of megapixels, however long it is.</summary>
    private const int MaxMeasuredSide = 1_000_000;

    /// <summary>Resizing holds hundreds of bytes for each pixel of a row, so a wide strip costs as much as a large image.</summary>
    public const int MaxDecodedSide = 100_000;

    /// <exception cref="RefusedException">The header declares a size that no image has.</exception>
    public ImageHeader CheckMeasured(ImageHeader header)
    {
        if (LongestSide(header) > MaxMeasuredSide || header.Pixels > MaxMeasuredMegapixels * Megapixel)
        {
            throw ImageRefusal.TooLarge(
                $"claims {header.Width} x {header.Height} pixels",
                $"{MaxMeasuredMegapixels} megapixels and {MaxMeasuredSide} pixels a side");
        }

        return header;
    }

    /// <exception cref="RefusedException">Decoding would cost more than the settings allow.</exception>
    public void CheckDecoded(ImageHeader header, int frames)
    {
        if (frames > MaxFrames)
        {
            throw ImageRefusal.TooLarge($"has {frames} frames", $"{MaxFrames} frames when an animation is kept");
        }

        if (LongestSide(header) > MaxDecodedSide)
        {
            throw ImageRefusal.TooLarge($"has {header.Width} x {header.Height} pixels", $"{MaxDecodedSide} pixels a side");
        }

        var limit = MaxMegapixels * Megapixel;
        if (header.Pixels * frames > limit)
        {
            throw ImageRefusal.TooLarge(
                $"has {header.Width} x {header.Height} pixels{(frames > 1 ? $" in each of {frames} frames" : "")}",
                $"{MaxMegapixels} megapixels");
        }

        var bytes = Math.Max(header.Pixels, header.DecodedPixels) * frames * header.BytesPerPixel;
        if (bytes > limit * BytesAllowedPerPixel)
        {
            throw ImageRefusal.TooLarge($"takes {bytes / Megapixel} MB to decode", $"{MaxMegapixels * BytesAllowedPerPixel} MB");
        }
    }

    private static int LongestSide(ImageHeader header) => Math.Max(header.Width, header.Height);
}
