using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>The weighted sums of a target row: of the samples of each column, and then of those along the row.</summary>
internal static class LanczosSums
{
    /// <param name="samples">From the first row that has a weight on.</param>
    public static void ShrinkColumns(ReadOnlySpan<byte> samples, int stride, ReadOnlySpan<float> weights, Span<float> sums)
    {
        var column = 0;
        if (sums.Length >= Vector128<byte>.Count)
        {
            for (; column < sums.Length; column += Vector128<byte>.Count)
            {
                // The last group may overlap the one before.
                column = Math.Min(column, sums.Length - Vector128<byte>.Count);
                AddUp(samples[column..], stride, weights, sums[column..]);
            }
        }

        for (; column < sums.Length; column++)
        {
            var sum = 0f;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                sum += weights[tap] * samples[(tap * stride) + column];
            }

            sums[column] = sum;
        }
    }

    /// <summary>Sums sixteen columns in registers.</summary>
    private static void AddUp(ReadOnlySpan<byte> samples, int stride, ReadOnlySpan<float> weights, Span<float> sums)
    {
        var (left, right) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var (low, high) = Vector256.Widen(Vector256.WidenLower(Vector128.Create(samples[(tap * stride)..]).ToVector256()).AsInt16());
            var weight = Vector256.Create(weights[tap]);
            left = Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(low), weight, left);
            right = Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(high), weight, right);
        }

        left.CopyTo(sums);
        right.CopyTo(sums[Vector256<float>.Count..]);
    }

    /// <summary>
    /// Adds the row's values, less the middle gray that they are stored with and times <paramref name="part"/>, to the target's.
    /// </summary>
    /// <param name="row">Sums of columns, and as many zeros as a position has weights.</param>
    public static void ShrinkRow(ReadOnlySpan<float> row, LanczosAxis across, Span<float> target, int step, float part)
    {
        for (var column = 0; column < across.Count; column++)
        {
            var weights = MemoryMarshal.Cast<float, Vector256<float>>(across.Weights(column));
            var samples = MemoryMarshal.Cast<float, Vector256<float>>(row.Slice(across.Start(column), across.Taps))[..weights.Length];
            var sum = Vector256<float>.Zero;
            for (var index = 0; index < weights.Length; index++)
            {
                sum = Vector256.MultiplyAddEstimate(weights[index], samples[index], sum);
            }

            target[column * step] += part * (Vector256.Sum(sum) - LanczosResizer.MidGray);
        }
    }
}
