using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>
/// Counts a progressive JPEG's scans. Each makes the decoder pass over the whole picture, and needs a hundred bytes of file:
/// without a limit, a few megabytes keep a processor busy for minutes, out of reach of any cancellation.
/// </summary>
internal static class JpegScans
{
    // Encoders write about ten. The two bytes also turn up in metadata by chance, once in 64 KB.
    private const int Most = 200;

    /// <exception cref="RefusedException">More scans than any encoder writes.</exception>
    public static void Check(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.Count((ReadOnlySpan<byte>)[0xFF, 0xDA]) is > Most and var scans)
        {
            throw ImageRefusal.TooLarge($"has {scans} progressive scans", $"{Most}");
        }
    }
}
