using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Uploads;

/// <summary>
/// Refuses uploads with more pixels than can be decoded. Each job with one would be refused, so its caller should know at once.
/// </summary>
internal static class PixelLimit
{
    private const long Megapixel = 1_000_000;

    /// <exception cref="Errors.RefusedException">The image has too many pixels.</exception>
    public static void Ensure(ImageSize size, ImagingOptions imaging)
    {
        if ((long)size.Width * size.Height > imaging.MaxMegapixels * Megapixel)
        {
            throw ImageRefusal.TooLarge($"has {size.Width} x {size.Height} pixels", $"{imaging.MaxMegapixels} megapixels");
        }
    }
}
