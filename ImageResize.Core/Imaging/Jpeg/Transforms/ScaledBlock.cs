using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Jpeg.Transforms;

/// <summary>Inverse DCTs that compute the mean of a block, or the means of its four quarters.</summary>
internal static class ScaledBlock
{
    private const int Bits = 12;

    /// <summary>
    /// The mean of the first basis function over half a block, times the square root of two, in 12-bit fixed point: 0.906.
    /// </summary>
    private const int HalfWave = 3_711;

    /// <summary>The mean of a block from its dequantized DC coefficient, rounded as libjpeg rounds it.</summary>
    public static byte Mean(int dc) => (byte)Math.Clamp(((dc + 4) >> 3) + 128, 0, 255);

    /// <summary>The means of blocks from their DC coefficients.</summary>
    public static void WriteMeans(ReadOnlySpan<int> dc, int quantization, Span<byte> samples)
    {
        samples = samples[..dc.Length];
        var index = 0;
        for (; index <= dc.Length - Vector128<byte>.Count; index += Vector128<byte>.Count)
        {
            var low = Mean(Vector256.Create(dc[index..]), quantization);
            var high = Mean(Vector256.Create(dc[(index + Vector256<int>.Count)..]), quantization);
            var both = Vector256.Narrow(low, high).AsUInt16();
            Vector128.Narrow(both.GetLower(), both.GetUpper()).CopyTo(samples[index..]);
        }

        for (; index < dc.Length; index++)
        {
            samples[index] = Mean(dc[index] * quantization);
        }
    }

    /// <summary>The means of a block's quarters, from DC and the first horizontal, vertical and diagonal coefficients.</summary>
    public static void WriteQuarters(int dc, int across, int down, int diagonal, Span<byte> samples, int stride)
    {
        across = OfHalf(across);
        down = OfHalf(down);
        diagonal = OfHalf(OfHalf(diagonal));

        samples[0] = Mean(dc + down + across + diagonal);
        samples[1] = Mean(dc + down - across - diagonal);
        samples[stride] = Mean(dc - down + across - diagonal);
        samples[stride + 1] = Mean(dc - down - across + diagonal);
    }

    private static Vector256<int> Mean(Vector256<int> dc, int quantization)
    {
        var mean = (((dc * quantization) + Vector256.Create(4)) >> 3) + Vector256.Create(128);
        return Vector256.Clamp(mean, Vector256<int>.Zero, Vector256.Create(255));
    }

    private static int OfHalf(int coefficient) => ((coefficient * HalfWave) + (1 << (Bits - 1))) >> Bits;
}
