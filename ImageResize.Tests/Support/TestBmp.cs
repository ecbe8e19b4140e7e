using System.Buffers.Binary;

namespace ImageResize.Tests.Support;

/// <summary>Writes BMP files of every kind, valid or not.</summary>
internal static class TestBmp
{
    private const int FileHeader = 14;

    /// <summary>A BMP as most programs write it: 24 bits, bottom row first.</summary>
    public static byte[] Rgb24(byte[] rgb, int width, int height)
    {
        var stride = ((width * 3) + 3) / 4 * 4;
        var rows = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var from = ((y * width) + x) * 3;
                var to = ((height - 1 - y) * stride) + (x * 3);
                (rows[to], rows[to + 1], rows[to + 2]) = (rgb[from + 2], rgb[from + 1], rgb[from]);
            }
        }

        return Info(width, height, bits: 24, pixels: rows);
    }

    /// <param name="extra">Bytes after the 40-byte header: masks, then the palette.</param>
    public static byte[] Info(
        int width, int height, int bits, byte[] pixels, int compression = 0, byte[]? extra = null, int colours = 0, int headerLength = 40)
    {
        extra ??= [];
        var header = new byte[headerLength];
        Int(header, 0, headerLength);
        Int(header, 4, width);
        Int(header, 8, height);
        Int(header, 12, 1 | (bits << 16));
        Int(header, 16, compression);
        Int(header, 20, pixels.Length);
        Int(header, 32, colours);
        var inHeader = Math.Min(extra.Length, headerLength - 40);
        extra.AsSpan(0, inHeader).CopyTo(header.AsSpan(40));

        return File([.. header, .. extra[inHeader..]], pixels);
    }

    /// <summary>A BMP with the 12-byte header of OS/2.</summary>
    public static byte[] Core(int width, int height, int bits, byte[] palette, byte[] pixels)
    {
        var header = new byte[12];
        Int(header, 0, header.Length);
        Int(header, 4, width | (height << 16));
        Int(header, 8, 1 | (bits << 16));

        return File([.. header, .. palette], pixels);
    }

    private static byte[] File(byte[] headerAndPalette, byte[] pixels)
    {
        var start = new byte[FileHeader];
        "BM"u8.CopyTo(start);
        Int(start, 2, FileHeader + headerAndPalette.Length + pixels.Length);
        Int(start, 10, FileHeader + headerAndPalette.Length);

        return [.. start, .. headerAndPalette, .. pixels];
    }

    private static void Int(Span<byte> bytes, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], value);
}
