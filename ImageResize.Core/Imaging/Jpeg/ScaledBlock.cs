namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Inverse DCTs that give fewer samples than the block has: 1, 2 or 4 across.</summary>
internal static class ScaledBlock
{
    /// <summary>Of the largest block, four rows of four.</summary>
    public const int Coefficients = 16;

    private const int Bits = 12;

    // The four-point DCT's odd part, with what brings an eight-point coefficient to four points: cos and sin of pi/8, times sqrt 2.
    private const int Cosine = 5_352;
    private const int Sine = 2_217;

    /// <summary>The mean of a block from its dequantised DC, to the bit as libjpeg rounds it.</summary>
    public static byte DcSample(int dc) => (byte)Math.Clamp(((dc + 4) >> 3) + 128, 0, 255);

    public static void Write(ReadOnlySpan<int> coefficients, Span<byte> samples, int stride, int scale)
    {
        switch (scale)
        {
            case 1:
                samples[0] = DcSample(coefficients[0]);
                break;
            case 2:
                Write2(coefficients, samples, stride);
                break;
            default:
                Write4(coefficients, samples, stride);
                break;
        }
    }

    private static void Write2(ReadOnlySpan<int> block, Span<byte> samples, int stride)
    {
        var (left, right) = (block[0] + block[4], block[1] + block[5]);
        (samples[0], samples[1]) = (DcSample(left + right), DcSample(left - right));
        (left, right) = (block[0] - block[4], block[1] - block[5]);
        (samples[stride], samples[stride + 1]) = (DcSample(left + right), DcSample(left - right));
    }

    private static void Write4(ReadOnlySpan<int> block, Span<byte> samples, int stride)
    {
        Span<int> columns = stackalloc int[Coefficients];
        for (var column = 0; column < 4; column++)
        {
            var (a, b, c, d) = Transform(block[column], block[column + 4], block[column + 8], block[column + 12]);
            (columns[column], columns[column + 4], columns[column + 8], columns[column + 12]) = (a, b, c, d);
        }

        for (var row = 0; row < 4; row++)
        {
            var line = columns.Slice(4 * row, 4);
            var (a, b, c, d) = Transform(line[0], line[1], line[2], line[3]);
            var target = samples.Slice(row * stride, 4);
            (target[0], target[1], target[2], target[3]) = (DcSample(a), DcSample(b), DcSample(c), DcSample(d));
        }
    }

    private static (int A, int B, int C, int D) Transform(int x0, int x1, int x2, int x3)
    {
        var (even, odd) = (x0 + x2, x0 - x2);
        var outer = ((x1 * Cosine) + (x3 * Sine) + (1 << (Bits - 1))) >> Bits;
        var inner = ((x1 * Sine) - (x3 * Cosine) + (1 << (Bits - 1))) >> Bits;
        return (even + outer, odd + inner, odd - inner, even - outer);
    }
}
