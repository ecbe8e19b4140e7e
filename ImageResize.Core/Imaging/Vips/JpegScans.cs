using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>
/// Limits the number of scans in a progressive JPEG. Each scan makes the decoder pass over the whole image and needs only a hundred bytes:
/// without a limit, a few megabytes keep a processor busy for minutes and cannot be canceled.
/// </summary>
internal static class JpegScans
{
    // Encoders write about ten. The two bytes of the marker also occur in metadata by chance, once in 64 KB.
    private const int MaxScans = 200;

    /// <exception cref="RefusedException">More scans than any encoder writes.</exception>
    public static void Check(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.Count((ReadOnlySpan<byte>)[0xFF, 0xDA]) is > MaxScans and var scans)
        {
            throw ImageRefusal.TooLarge($"has {scans} progressive scans", $"{MaxScans}");
        }
    }
}
