using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Jpeg.Transforms;

/// <summary>
/// The DCT of an 8 x 8 block (ITU-T T.81, A.3.3) as two matrix products. With a vector per row, a fast factorization would save little.
/// </summary>
internal static class ForwardDct
{
    private const int Side = 8;
    private static readonly float[] Basis = MakeBasis();

    /// <summary>Transforms in place. The result is transposed.</summary>
    public static void Transform(Span<float> block)
    {
        TransformColumns(block);
        BlockTranspose.Whole(block);
        TransformColumns(block);
    }

    private static void TransformColumns(Span<float> block)
    {
        var row0 = Vector256.Create<float>(block);
        var row1 = Vector256.Create<float>(block[8..]);
        var row2 = Vector256.Create<float>(block[16..]);
        var row3 = Vector256.Create<float>(block[24..]);
        var row4 = Vector256.Create<float>(block[32..]);
        var row5 = Vector256.Create<float>(block[40..]);
        var row6 = Vector256.Create<float>(block[48..]);
        var row7 = Vector256.Create<float>(block[56..]);

        // Even basis functions are symmetric, odd ones antisymmetric: half of the products suffice.
        var (sum0, sum1, sum2, sum3) = (row0 + row7, row1 + row6, row2 + row5, row3 + row4);
        var (odd0, odd1, odd2, odd3) = (row0 - row7, row1 - row6, row2 - row5, row3 - row4);
        for (var wave = 0; wave < Side; wave += 2)
        {
            Combine(Basis.AsSpan(wave * Side, 4), sum0, sum1, sum2, sum3).CopyTo(block[(wave * Side)..]);
            Combine(Basis.AsSpan((wave + 1) * Side, 4), odd0, odd1, odd2, odd3).CopyTo(block[((wave + 1) * Side)..]);
        }
    }

    private static Vector256<float> Combine(
        ReadOnlySpan<float> factors, Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) =>
        (a * factors[0]) + (b * factors[1]) + (c * factors[2]) + (d * factors[3]);

    private static float[] MakeBasis()
    {
        var basis = new float[Side * Side];
        for (var wave = 0; wave < Side; wave++)
        {
            for (var sample = 0; sample < Side; sample++)
            {
                var norm = wave == 0 ? Math.Sqrt(1 / 8.0) : 0.5;
                basis[(wave * Side) + sample] = (float)(norm * Math.Cos(((2 * sample) + 1) * wave * Math.PI / 16));
            }
        }

        return basis;
    }
}
