using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Tga;

/// <summary>Checks what ImageSharp does not: it fills missing pixels with those it read before, without an error.</summary>
internal static class TgaPixels
{
    private const int RunFlag = 0x80;
    private const int LengthMask = 0x7F;

    /// <exception cref="RefusedException">Pixels are missing, or there are more than the image has.</exception>
    public static void Check(ReadOnlySpan<byte> file, TgaHeader header)
    {
        var pixels = (long)header.Width * header.Height;
        var at = header.IsRunLength ? SkipPackets(file, header, pixels) : header.PixelsAt + (pixels * header.BytesPerPixel);
        if (at > file.Length)
        {
            throw ImageRefusal.Damaged();
        }
    }

    /// <returns>The position after the last pixel, or one after the end of the file.</returns>
    private static long SkipPackets(ReadOnlySpan<byte> file, TgaHeader header, long pixels)
    {
        long at = header.PixelsAt;
        while (pixels > 0 && at < file.Length)
        {
            var packet = file[(int)at];
            var count = (packet & LengthMask) + 1;
            at += 1 + ((packet & RunFlag) != 0 ? 1 : count) * header.BytesPerPixel;
            pixels -= count;
        }

        return pixels == 0 ? at : file.Length + 1L;
    }
}
