using System.Buffers.Binary;
using System.IO.Compression;
using ImageResize.Core.Imaging.Png.Chunks;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Imaging.Png;

/// <summary>Writes PNGs of every kind of pixels with chosen filters.</summary>
internal static class PngSamples
{
    /// <summary>Chooses a filter for each row at random.</summary>
    public const int AnyFilter = 5;

    public const int PaletteColors = 200;

    public static int PixelBytesOf(PngColorType colors) => colors switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayAlpha => 2,
        PngColorType.Rgba => 4,
        _ => 1,
    };

    public static byte[] Make(PngColorType colors, int width, int height, int filter, int seed = 1)
    {
        var random = new Random(seed);
        return Write(colors, width, height, Compress(MakeRows(colors, width, height, filter, random), CompressionLevel.Optimal), 8_192);
    }

    /// <param name="chunkLength">Of the data, which is divided into chunks.</param>
    public static byte[] Write(PngColorType colors, int width, int height, byte[] data, int chunkLength)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, (byte)colors);
        IEnumerable<byte[]> palette = colors == PngColorType.Palette
            ?
            [
                TestPng.Chunk("PLTE", [.. Enumerable.Range(0, 3 * PaletteColors).Select(at => (byte)(at * 37))]),
                TestPng.Chunk("tRNS", [0, 100, 200]),
            ]
            : [];

        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n',
            .. TestPng.Chunk("IHDR", header),
            .. palette.SelectMany(chunk => chunk),
            .. data.Chunk(chunkLength).SelectMany(part => TestPng.Chunk("IDAT", part)),
            .. TestPng.Chunk("IEND", []),
        ];
    }

    public static byte[] Compress(byte[] bytes, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, level))
        {
            zlib.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>Filtered rows of a gradient with noise.</summary>
    public static byte[] MakeRows(PngColorType colors, int width, int height, int filter, Random random)
    {
        var pixel = PixelBytesOf(colors);
        var length = width * pixel;
        var above = new byte[length];
        var rows = new List<byte>();
        for (var y = 0; y < height; y++)
        {
            byte[] row = [.. Enumerable.Range(0, length).Select(at => Value(colors, (at / pixel) + (3 * y) + (at % pixel * 50), random))];
            var kind = filter == AnyFilter ? random.Next(5) : filter;
            rows.Add((byte)kind);
            rows.AddRange(Filter(row, above, kind, pixel));
            above = row;
        }

        return [.. rows];
    }

    private static byte Value(PngColorType colors, int value, Random random)
    {
        var noisy = (value + random.Next(random.Next(20) == 0 ? 256 : 6)) & 0xFF;
        return (byte)(colors == PngColorType.Palette ? noisy % PaletteColors : noisy);
    }

    private static IEnumerable<byte> Filter(byte[] row, byte[] above, int kind, int pixel) => row.Select((value, at) =>
    {
        int a = at >= pixel ? row[at - pixel] : 0, b = above[at], c = at >= pixel ? above[at - pixel] : 0;
        var (toA, toB, toC) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - (2 * c)));
        var predicted = kind switch
        {
            0 => 0,
            1 => a,
            2 => b,
            3 => (a + b) / 2,
            _ => toA <= toB && toA <= toC ? a : toB <= toC ? b : c,
        };
        return (byte)(value - predicted);
    });
}
