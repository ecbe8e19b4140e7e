using System.Numerics;
using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;

namespace ImageResize.Core.Imaging.Jpeg.Scans;

/// <summary>
/// Decodes a band of AC coefficients of a progressive file (ITU-T T.81, G.1.2.2 and G.1.2.3): the upper bits first, then one bit per scan.
/// Coefficients that the scale does not need are followed as bits of a mask only.
/// </summary>
internal readonly ref struct ProgressiveBands(JpegComponent component, ProgressiveStep step)
{
    private const int RunWithoutValue = 15;

    /// <summary>The most bits that are taken at once without a refill.</summary>
    private const int MaxBits = 48;

    private readonly Span<short> _values = component.Coefficients.Values;
    private readonly Span<ulong> _nonzero = component.Coefficients.Nonzero;
    private readonly int _kept = component.Coefficients.Kept;
    private readonly HuffmanCode _code = component.AcTable!.Code;

    /// <param name="ended">Blocks, from this one on, whose bands have ended: they send no symbols.</param>
    public bool TryDecode(ref BitReader reader, int firstBlock, int count, ref int ended)
    {
        var lookups = _code.Lookups;
        for (var block = firstBlock; block < firstBlock + count; block++)
        {
            var isDecoded = step.PreviousBit < 0
                ? TryDecodeFirst(ref reader, lookups, block, ref ended)
                : TryRefine(ref reader, lookups, block, ref ended);
            if (!isDecoded)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryDecodeFirst(ref BitReader reader, ReadOnlySpan<ushort> lookups, int block, ref int ended)
    {
        if (ended > 0)
        {
            ended--;
            return true;
        }

        var nonzero = 0UL;
        var values = _values.Slice(block * _kept, _kept);
        for (var position = step.First; position <= step.Last; position++)
        {
            if (!TryReadSymbol(ref reader, lookups, out var run, out var size))
            {
                return false;
            }

            if (size == 0 && run < RunWithoutValue)
            {
                ended = ReadEnd(ref reader, run) - 1;
                break;
            }

            position += run;
            if (position > step.Last)
            {
                return false;
            }

            if (size > 0)
            {
                nonzero |= 1UL << position;
                var value = ReadValue(ref reader, size);
                if (position < values.Length)
                {
                    values[position] = (short)(value << step.Bit);
                }
            }
        }

        _nonzero[block] |= nonzero;
        return true;
    }

    private bool TryRefine(ref BitReader reader, ReadOnlySpan<ushort> lookups, int block, ref int ended)
    {
        ref var nonzero = ref _nonzero[block];
        var values = _values.Slice(block * _kept, _kept);
        var position = step.First;
        while (ended == 0 && position <= step.Last)
        {
            if (!TryReadSymbol(ref reader, lookups, out var run, out var size) || size > 1)
            {
                return false;
            }

            if (size == 0 && run < RunWithoutValue)
            {
                ended = ReadEnd(ref reader, run);
                break;
            }

            var isPositive = size > 0 && Read(ref reader, 1) != 0;
            var next = FindZero(~nonzero & From(position), run);
            if (next > step.Last)
            {
                return false;
            }

            Correct(ref reader, nonzero & From(position) & ~From(next), values);
            if (size > 0)
            {
                nonzero |= 1UL << next;
                if (next < values.Length)
                {
                    values[next] = (short)(isPositive ? 1 << step.Bit : -1 << step.Bit);
                }
            }

            position = next + 1;
        }

        if (ended > 0)
        {
            ended--;
            Correct(ref reader, nonzero & From(position), values);
        }

        return true;
    }

    /// <summary>Reads a bit for each coefficient of a mask, and sets it in those that are kept.</summary>
    private void Correct(ref BitReader reader, ulong mask, Span<short> values)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            if (position >= values.Length)
            {
                Skip(ref reader, BitOperations.PopCount(mask));
                return;
            }

            if (Read(ref reader, 1) != 0)
            {
                ref var value = ref values[position];
                value += (short)(value < 0 ? -1 << step.Bit : 1 << step.Bit);
            }
        }
    }

    private bool TryReadSymbol(ref BitReader reader, ReadOnlySpan<ushort> lookups, out int run, out int size)
    {
        reader.Refill();
        int entry = lookups[(int)(reader.Bits >> (64 - HuffmanCode.LookupBits))];
        var (symbol, length) = (entry & 0xFF, entry >> 8);
        if (entry == 0)
        {
            symbol = _code.Decode(reader.Bits, out length);
            if (symbol < 0)
            {
                (run, size) = (0, 0);
                return false;
            }
        }

        reader.Take(length);
        (run, size) = (symbol >> 4, symbol & 15);
        return true;
    }

    /// <summary>Blocks whose bands end, from this one on.</summary>
    private static int ReadEnd(ref BitReader reader, int bits) => (1 << bits) + Read(ref reader, bits);

    /// <summary>ITU-T T.81, figure F.12.</summary>
    private static int ReadValue(ref BitReader reader, int size)
    {
        var extra = Read(ref reader, size);

        return extra < 1 << (size - 1) ? extra - (1 << size) + 1 : extra;
    }

    /// <param name="count">At most 15.</param>
    private static int Read(ref BitReader reader, int count)
    {
        reader.Refill();
        var bits = (int)(reader.Bits >> 1 >> (63 - count));
        reader.Take(count);

        return bits;
    }

    private static void Skip(ref BitReader reader, int count)
    {
        for (; count > 0; count -= MaxBits)
        {
            reader.Refill();
            reader.Take(Math.Min(count, MaxBits));
        }
    }

    /// <summary>The position of the zero after as many others, or 64.</summary>
    private static int FindZero(ulong zeros, int others)
    {
        for (; others > 0; others--)
        {
            zeros &= zeros - 1;
        }

        return BitOperations.TrailingZeroCount(zeros);
    }

    /// <summary>A mask of the band's positions from this one on.</summary>
    private ulong From(int position) => position > step.Last ? 0 : (ulong.MaxValue << position) & (ulong.MaxValue >> (63 - step.Last));
}
