using System.Buffers.Binary;

namespace ImageResize.Tests.Imaging.Samples;

/// <summary>Writes TGA files of every kind, valid or not.</summary>
internal static class TestTga
{
    public const int Palette = 1;
    public const int Direct = 2;
    public const int Grey = 3;
    public const int RunLength = 8;
    public const int TopLeft = 0x20;

    /// <summary>A TGA as most programs write it: 24 bits, bottom row first.</summary>
    public static byte[] Rgb24(byte[] rgb, int width, int height)
    {
        var pixels = new byte[rgb.Length];
        for (var at = 0; at < rgb.Length; at += 3)
        {
            var (x, y) = (at / 3 % width, at / 3 / width);
            var to = (((height - 1 - y) * width) + x) * 3;
            (pixels[to], pixels[to + 1], pixels[to + 2]) = (rgb[at + 2], rgb[at + 1], rgb[at]);
        }

        return File(Direct, width, height, 24, pixels);
    }

    /// <param name="descriptor">Bits of transparency, and the corner of the first pixel.</param>
    /// <param name="palette">With <paramref name="entryBits"/> bits for each colour.</param>
    public static byte[] File(
        int kind, int width, int height, int bits, byte[] pixels, int descriptor = 0, byte[]? palette = null, int entryBits = 24)
    {
        var header = new byte[18];
        (header[2], header[16], header[17]) = ((byte)kind, (byte)bits, (byte)descriptor);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(12), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(14), (ushort)height);
        if (palette is not null)
        {
            (header[1], header[5], header[7]) = (1, (byte)(palette.Length / ((entryBits + 7) / 8)), (byte)entryBits);
        }

        return [.. header, .. palette ?? [], .. pixels];
    }
}
