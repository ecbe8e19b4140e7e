using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>
/// Resizes the rows of one plane as <see cref="LanczosResizer"/> does, in 16-bit integers: AVX2 multiplies and adds twice as many of them
/// as of single-precision numbers, and samples need no conversion. The results differ by less than 0.1.
/// </summary>
internal sealed class IntegerResizer
{
    private const int MinWidth = 16;

    /// <summary>Of more samples, weights would be too small for 16 bits.</summary>
    private const int MaxReach = 128;

    /// <summary>The fraction bits of values between the two passes, which leave room for overshoot.</summary>
    private const int RowBits = 6;

    private const int Shift = LanczosAxis.IntegerBits - RowBits;
    private const float Scale = 1f / (1 << (LanczosAxis.IntegerBits + RowBits));

    private short[] _row = [];
    private int _width;
    private LanczosAxis _across = null!;
    private LanczosAxis _down = null!;

    public static bool IsSupported => Avx2.IsSupported;

    public static bool CanResize(int width, LanczosAxis across, LanczosAxis down) =>
        width >= MinWidth && across.Reach <= MaxReach && down.Reach <= MaxReach;

    /// <param name="width">Of the plane that is resized.</param>
    public void Prepare(int width, LanczosAxis across, LanczosAxis down)
    {
        (_width, _across, _down) = (width, across, down);
        var length = width + across.IntegerTaps;
        if (_row.Length < length)
        {
            _row = new short[length];
        }
    }

    /// <summary>Adds one row of values to the target's.</summary>
    /// <param name="samples">Of the plane, from the first row that has a weight on.</param>
    /// <inheritdoc cref="LanczosResizer.Add"/>
    public void Add(int row, ReadOnlySpan<byte> samples, int stride, float part, Span<float> target, int step)
    {
        ShrinkColumns(_down.Integers(row)[.._down.Reach], samples, stride);

        var column = 0;
        for (; column <= _across.Count - Vector256<int>.Count; column += Vector256<int>.Count)
        {
            var values = ((Vector256.ConvertToSingle(SumEight(column)) * Scale) - Vector256.Create(LanczosResizer.MidGray)) * part;
            if (step == 1)
            {
                var place = target[column..];
                (Vector256.Create<float>(place) + values).CopyTo(place);
            }
            else
            {
                for (var index = 0; index < Vector256<float>.Count; index++)
                {
                    target[(column + index) * step] += values[index];
                }
            }
        }

        for (; column < _across.Count; column++)
        {
            target[column * step] += part * ((Vector256.Sum(Multiply(column)) * Scale) - LanczosResizer.MidGray);
        }
    }

    private void ShrinkColumns(ReadOnlySpan<short> weights, ReadOnlySpan<byte> rows, int stride)
    {
        weights = weights[..(weights.LastIndexOfAnyExcept((short)0) + 1)];
        Span<int> pairs = stackalloc int[(weights.Length + 1) / 2];
        for (var pair = 0; pair < pairs.Length; pair++)
        {
            var second = (2 * pair) + 1 < weights.Length ? weights[(2 * pair) + 1] : 0;
            pairs[pair] = (second << 16) | (ushort)weights[2 * pair];
        }

        var sums = _row.AsSpan(0, _width);
        ref var samples = ref MemoryMarshal.GetReference(rows[..(((weights.Length - 1) * stride) + sums.Length)]);
        for (var column = 0; column < sums.Length; column += Vector256<short>.Count)
        {
            // The last group may overlap the one before.
            column = Math.Min(column, sums.Length - Vector256<short>.Count);
            var (left, right) = (Vector256.Create(1 << (Shift - 1)), Vector256.Create(1 << (Shift - 1)));
            for (var pair = 0; pair < pairs.Length; pair++)
            {
                // Two rows at a time. A last one without a second is multiplied with zero, too.
                var next = (2 * pair) + 1 < weights.Length ? stride : 0;
                var both = Vector256.Create(pairs[pair]).AsInt16();
                var upper = Vector128.LoadUnsafe(ref samples, (nuint)((2 * pair * stride) + column));
                var lower = Vector128.LoadUnsafe(ref samples, (nuint)((2 * pair * stride) + next + column));
                left += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Sse2.UnpackLow(upper, lower)), both);
                right += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(upper, lower)), both);
            }

            var packed = Avx2.PackSignedSaturate(left >> Shift, right >> Shift).AsInt64();
            Avx2.Permute4x64(packed, 0b11_01_10_00).AsInt16().CopyTo(sums[column..]);
        }
    }

    /// <summary>The sums of eight positions. Adding up each one's vector by itself would take longer than multiplying.</summary>
    private Vector256<int> SumEight(int column)
    {
        var first = Avx2.HorizontalAdd(
            Avx2.HorizontalAdd(Multiply(column), Multiply(column + 1)),
            Avx2.HorizontalAdd(Multiply(column + 2), Multiply(column + 3)));
        var second = Avx2.HorizontalAdd(
            Avx2.HorizontalAdd(Multiply(column + 4), Multiply(column + 5)),
            Avx2.HorizontalAdd(Multiply(column + 6), Multiply(column + 7)));

        return Vector256.Create(first.GetLower() + first.GetUpper(), second.GetLower() + second.GetUpper());
    }

    /// <summary>The products of a position's weights and samples, of which the sum is its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Multiply(int column)
    {
        var weights = _across.Integers(column);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        ref var sample = ref MemoryMarshal.GetReference(_row.AsSpan(_across.Start(column), weights.Length));
        var sum = Vector256<int>.Zero;
        for (nuint tap = 0; tap < (nuint)weights.Length; tap += (nuint)Vector256<short>.Count)
        {
            // The number of weights is a multiple of a vector's length.
            sum += Avx2.MultiplyAddAdjacent(Vector256.LoadUnsafe(ref sample, tap), Vector256.LoadUnsafe(ref weight, tap));
        }

        return sum;
    }
}
