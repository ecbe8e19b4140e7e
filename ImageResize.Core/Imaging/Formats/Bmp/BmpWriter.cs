using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Formats.Bmp;

/// <summary>Writes RGB as 24 bit, RGBA as 32 bit with an alpha mask (header version 4).</summary>
internal static class BmpWriter
{
    private const int FileHeaderLength = 14;
    private const int InfoLength = 40;
    private const int Version4Length = 108;
    private const int BitFields = 3;
    private const int PixelsPerMetre = 2835; // 72 dpi

    public static byte[] Write(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        var stride = ((width * bands) + 3) / 4 * 4;
        var headerLength = bands == 4 ? Version4Length : InfoLength;
        var pixelsAt = FileHeaderLength + headerLength;
        var file = new byte[checked(pixelsAt + (stride * height))];

        "BM"u8.CopyTo(file);
        Put(file, 2, file.Length);
        Put(file, 10, pixelsAt);
        Put(file, 14, headerLength);
        Put(file, 18, width);
        Put(file, 22, height);
        Put(file, 26, 1 | (bands * 8 << 16)); // one plane, then the bits per pixel
        Put(file, 30, bands == 4 ? BitFields : 0);
        Put(file, 34, stride * height);
        Put(file, 38, PixelsPerMetre);
        Put(file, 42, PixelsPerMetre);
        if (bands == 4)
        {
            Put(file, 54, 0x00FF0000);
            Put(file, 58, 0x0000FF00);
            Put(file, 62, 0x000000FF);
            Put(file, 66, unchecked((int)0xFF000000));
            "BGRs"u8.CopyTo(file.AsSpan(70)); // the colour space is sRGB, written backwards
        }

        for (var y = 0; y < height; y++)
        {
            var row = file.AsSpan(pixelsAt + ((height - 1 - y) * stride), stride);
            pixels.Slice(y * width * bands, width * bands).CopyTo(row);
            for (var x = 0; x < width * bands; x += bands)
            {
                (row[x], row[x + 2]) = (row[x + 2], row[x]);
            }
        }

        return file;
    }

    private static void Put(Span<byte> file, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file[at..], value);
}
