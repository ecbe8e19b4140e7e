using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Jpeg.Transforms;

/// <summary>
/// Inverse DCTs that compute all samples of a block, or 4 x 4 of which each is the mean of four. With a vector per row, all columns are
/// transformed at once, before and after the block is transposed. So coefficients are stored transposed: rows are horizontal frequencies.
/// </summary>
/// <remarks>
/// The whole transform is that of Arai, Agui and Nakajima ("A fast DCT-SQ scheme for images", 1988) in the form of libjpeg's jidctflt.c. It
/// needs five multiplications if the quantization steps contain its other factors. For means of two neighbors, basis function k of eight
/// samples becomes that of four times cos(kπ/16). Frequencies from four on are left out, because half of the samples can't show them.
/// </remarks>
internal static class InverseDct
{
    public const int WholeSide = 8;
    public const int HalfSide = 4;

    private static readonly float[] WholeFactors = MakeFactors(
        WholeSide, k => (k == 0 ? 1 : Math.Sqrt(2) * Math.Cos(k * Math.PI / 16)) / Math.Sqrt(8));

    /// <summary>Of frequencies 0 and 2 with the root of 1/2: the norm of the first, and the values of the other.</summary>
    private static readonly float[] HalfFactors = MakeFactors(
        HalfSide, k => Math.Cos(k * Math.PI / 16) / 2 * (k is 0 or 2 ? Math.Sqrt(0.5) : 1));

    private static readonly byte[] WholeOrder = MakeOrder(WholeSide);
    private static readonly byte[] HalfOrder = MakeOrder(HalfSide);

    /// <summary>
    /// By zigzag position, up to the last one that is needed: the index in the transposed block, or the one after it if not needed.
    /// </summary>
    public static ReadOnlySpan<byte> Order(int side) => side == WholeSide ? WholeOrder : HalfOrder;

    /// <summary>Multiplies quantization steps, in zigzag order, by the factors of a transform.</summary>
    /// <param name="multipliers">In the order of the transposed block.</param>
    public static void MakeMultipliers(ReadOnlySpan<ushort> steps, int side, Span<float> multipliers)
    {
        var order = Order(side);
        var factors = side == WholeSide ? WholeFactors : HalfFactors;
        for (var position = 0; position < order.Length; position++)
        {
            if (order[position] < factors.Length)
            {
                multipliers[order[position]] = steps[position] * factors[order[position]];
            }
        }
    }

    /// <summary>Writes 8 x 8 samples.</summary>
    /// <param name="coefficients">64, transposed, as in the file.</param>
    public static void WriteWhole(ReadOnlySpan<short> coefficients, ReadOnlySpan<float> multipliers, Span<byte> samples, int stride)
    {
        Span<float> block = stackalloc float[WholeSide * WholeSide];
        Dequantize(coefficients, multipliers, block);
        TransformWhole(block);
        BlockTranspose.Whole(block);
        TransformWhole(block);
        for (var row = 0; row < WholeSide; row++)
        {
            var values = Round(Vector256.Create<float>(block[(row * WholeSide)..]));
            var narrow = Vector128.Narrow(values.GetLower(), values.GetUpper());
            MemoryMarshal.Write(samples[(row * stride)..], ToBytes(narrow, narrow).AsUInt64().ToScalar());
        }
    }

    /// <summary>Writes 4 x 4 samples.</summary>
    /// <param name="coefficients">16, transposed, as in the file.</param>
    public static void WriteHalf(ReadOnlySpan<short> coefficients, ReadOnlySpan<float> multipliers, Span<byte> samples, int stride)
    {
        var (low, high) = Vector256.Widen(Vector256.Create(coefficients));
        var rows0And1 = Vector256.ConvertToSingle(low) * Vector256.Create(multipliers);
        var rows2And3 = Vector256.ConvertToSingle(high) * Vector256.Create(multipliers[8..]);
        (rows0And1, rows2And3) = TransformHalf(rows0And1, rows2And3);
        (rows0And1, rows2And3) = BlockTranspose.Quarter(rows0And1, rows2And3);
        (rows0And1, rows2And3) = TransformHalf(rows0And1, rows2And3);
        var (upper, lower) = (Round(rows0And1), Round(rows2And3));
        var bytes = ToBytes(
            Vector128.Narrow(upper.GetLower(), upper.GetUpper()), Vector128.Narrow(lower.GetLower(), lower.GetUpper())).AsUInt32();
        MemoryMarshal.Write(samples, bytes[0]);
        MemoryMarshal.Write(samples[stride..], bytes[1]);
        MemoryMarshal.Write(samples[(2 * stride)..], bytes[2]);
        MemoryMarshal.Write(samples[(3 * stride)..], bytes[3]);
    }

    private static void Dequantize(ReadOnlySpan<short> coefficients, ReadOnlySpan<float> multipliers, Span<float> block)
    {
        for (var index = 0; index < block.Length; index += 8)
        {
            var values = Vector256.WidenLower(Vector128.Create(coefficients[index..]).ToVector256());
            (Vector256.ConvertToSingle(values) * Vector256.Create(multipliers[index..])).CopyTo(block[index..]);
        }
    }

    private static void TransformWhole(Span<float> block)
    {
        var (row0, row4) = (Vector256.Create<float>(block), Vector256.Create<float>(block[32..]));
        var (row2, row6) = (Vector256.Create<float>(block[16..]), Vector256.Create<float>(block[48..]));
        var (sum, difference) = (row0 + row4, row0 - row4);
        var middle = row2 + row6;
        var turned = ((row2 - row6) * 1.414213562f) - middle;
        var (even0, even3, even1, even2) = (sum + middle, sum - middle, difference + turned, difference - turned);

        var (row1, row3) = (Vector256.Create<float>(block[8..]), Vector256.Create<float>(block[24..]));
        var (row5, row7) = (Vector256.Create<float>(block[40..]), Vector256.Create<float>(block[56..]));
        var (inner, innerDifference) = (row5 + row3, row5 - row3);
        var (outer, outerDifference) = (row1 + row7, row1 - row7);
        var odd0 = outer + inner;
        var shared = (innerDifference + outerDifference) * 1.847759065f;
        var odd1 = shared - (innerDifference * 2.613125930f) - odd0;
        var odd2 = ((outer - inner) * 1.414213562f) - odd1;
        var odd3 = (outerDifference * 1.082392200f) - shared + odd2;

        (even0 + odd0).CopyTo(block);
        (even1 + odd1).CopyTo(block[8..]);
        (even2 + odd2).CopyTo(block[16..]);
        (even3 - odd3).CopyTo(block[24..]);
        (even3 + odd3).CopyTo(block[32..]);
        (even2 - odd2).CopyTo(block[40..]);
        (even1 - odd1).CopyTo(block[48..]);
        (even0 - odd0).CopyTo(block[56..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Rows0And1, Vector256<float> Rows2And3) TransformHalf(
        Vector256<float> rows0And1, Vector256<float> rows2And3)
    {
        const float Cos1 = 0.923879533f; // cos(π/8)
        const float Cos3 = 0.382683432f; // cos(3π/8)
        var (row0, row1, row2, row3) = (rows0And1.GetLower(), rows0And1.GetUpper(), rows2And3.GetLower(), rows2And3.GetUpper());
        var (sum, difference) = (row0 + row2, row0 - row2);
        var outer = (row1 * Cos1) + (row3 * Cos3);
        var inner = (row1 * Cos3) - (row3 * Cos1);

        return (Vector256.Create(sum + outer, difference + inner), Vector256.Create(difference - inner, sum - outer));
    }

    /// <summary>Rounds to -128 to 127. Adding 1.5 x 2^23 leaves the integer in the lowest bits of a float.</summary>
    private static Vector256<int> Round(Vector256<float> values) =>
        (Vector256.Clamp(values, Vector256.Create(-128f), Vector256.Create(127f)) + Vector256.Create(12_582_912f)).AsInt32();

    private static Vector128<byte> ToBytes(Vector128<short> low, Vector128<short> high) =>
        Vector128.Narrow(low, high).AsByte() ^ Vector128.Create((byte)128);

    private static float[] MakeFactors(int side, Func<int, double> factor) =>
        [.. Enumerable.Range(0, side * side).Select(index => (float)(factor(index / side) * factor(index % side)))];

    private static byte[] MakeOrder(int side)
    {
        var last = BlockOrder.Zigzag.IndexOf((byte)((side - 1) * (WholeSide + 1)));
        var order = new byte[last + 1];
        for (var position = 0; position < order.Length; position++)
        {
            var (down, across) = Math.DivRem(BlockOrder.Zigzag[position], (byte)WholeSide);
            order[position] = (byte)(down < side && across < side ? (across * side) + down : side * side);
        }

        return order;
    }
}
