using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Png.Scaling;

/// <summary>Converts RGB pixels to the planes of a JPEG (JFIF 1.02), eight per vector.</summary>
internal static class ColorPlanes
{
    /// <summary>Of each plane's row, and of the pixels: the last vectors may reach beyond the last pixel.</summary>
    public const int Padding = 64;

    private const int Pixels = 8;

    /// <param name="pixels">Of three or four bytes, and padding.</param>
    public static void WriteLuma(ReadOnlySpan<byte> pixels, int pixelBytes, int width, Span<byte> luma)
    {
        for (var column = 0; column < width; column += Pixels)
        {
            var colors = Load(pixels, pixelBytes, column);
            Store(Mix(colors, 0.299f, 0.587f, 0.114f, 0.5f), luma[column..]);
        }
    }

    /// <summary>Writes the chroma of squares of four pixels in two rows. At the right edge the last pixel is repeated.</summary>
    public static void WriteChroma(
        ReadOnlySpan<byte> above, ReadOnlySpan<byte> below, int pixelBytes, int width, Span<byte> cb, Span<byte> cr)
    {
        // Half of the purest blue or red would be rounded up to 256.
        const float Middle = 128.4999f;
        for (var column = 0; column < width; column += 2 * Pixels)
        {
            var left = AveragePairs(Load(above, pixelBytes, column), Load(below, pixelBytes, column));
            var right = AveragePairs(Load(above, pixelBytes, column + Pixels), Load(below, pixelBytes, column + Pixels));
            var colors = Vector256.Narrow(left, right);
            Store(Mix(colors, -0.168736f, -0.331264f, 0.5f, Middle), cb[(column / 2)..]);
            Store(Mix(colors, 0.5f, -0.418688f, -0.081312f, Middle), cr[(column / 2)..]);
        }

        if (width % 2 == 1)
        {
            Span<byte> pairs = stackalloc byte[4 * Padding];
            WriteLastChroma(above[((width - 1) * pixelBytes)..], below[((width - 1) * pixelBytes)..], pixelBytes, pairs);
            WriteChroma(pairs, pairs[(2 * Padding)..], pixelBytes, 2, cb[(width / 2)..], cr[(width / 2)..]);
        }
    }

    private static void WriteLastChroma(ReadOnlySpan<byte> above, ReadOnlySpan<byte> below, int pixelBytes, Span<byte> pairs)
    {
        for (var at = 0; at < 2 * pixelBytes; at++)
        {
            pairs[at] = above[at % pixelBytes];
            pairs[(2 * Padding) + at] = below[at % pixelBytes];
        }
    }

    /// <returns>Eight pixels of four bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Load(ReadOnlySpan<byte> pixels, int pixelBytes, int column)
    {
        var from = pixels[(column * pixelBytes)..];
        if (pixelBytes == 4)
        {
            return Vector256.Create(from).AsUInt32();
        }

        var narrow = Vector128.Create(0, 1, 2, 0xFF, 3, 4, 5, 0xFF, 6, 7, 8, 0xFF, 9, 10, 11, (byte)0xFF);
        return Vector256.Create(
            Vector128.Shuffle(Vector128.Create(from), narrow),
            Vector128.Shuffle(Vector128.Create(from[12..]), narrow)).AsUInt32();
    }

    /// <returns>In the lower half of each value: the average of two pixels in each of two rows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> AveragePairs(Vector256<uint> above, Vector256<uint> below)
    {
        var column = Average(above.AsByte(), below.AsByte()).AsUInt64();
        return Average(column.AsByte(), (column >> 32).AsByte()).AsUInt64();
    }

    /// <summary>Rounds up, which leaves chroma as it is: it consists of differences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Average(Vector256<byte> one, Vector256<byte> other) =>
        (one | other) - (((one ^ other) & Vector256.Create((byte)0xFE)).AsUInt16() >> 1).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Mix(Vector256<uint> colors, float red, float green, float blue, float start)
    {
        var mask = Vector256.Create(0xFFu);
        var sum = Vector256.Create(start);
        sum = AddPart(colors & mask, red, sum);
        sum = AddPart((colors >> 8) & mask, green, sum);
        return Vector256.ConvertToInt32Native(AddPart((colors >> 16) & mask, blue, sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> AddPart(Vector256<uint> values, float part, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(values.AsInt32()), Vector256.Create(part), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> values, Span<byte> plane)
    {
        var shorts = Vector128.Narrow(values.GetLower(), values.GetUpper());
        MemoryMarshal.Write(plane, Vector128.Narrow(shorts, shorts).AsUInt64().ToScalar());
    }
}
