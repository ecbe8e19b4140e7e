using System.Runtime.CompilerServices;
using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.Scans;

/// <summary>
/// Decodes blocks of sequential files. Only the coefficients that the scale needs are decoded. The others are skipped several codes per
/// lookup.
/// </summary>
internal static class SequentialBlocks
{
    private const int BlockSize = 64;

    /// <summary>Zigzag positions of the coefficients from which the means of a block's quarters are computed.</summary>
    private const int Across = 1;
    private const int Down = 2;
    private const int Diagonal = 4;

    public static bool TryDecode(ref BitReader reader, ReadOnlySpan<McuBlock> blocks, int row, int column, int run)
    {
        Span<int> offsets = stackalloc int[blocks.Length];
        var keepsMore = false;
        for (var index = 0; index < blocks.Length; index++)
        {
            offsets[index] = blocks[index].SampleOffset(row, column);
            keepsMore |= blocks[index].Component.Scale > 1;
        }

        if (!keepsMore)
        {
            return DcBlocks.TryDecode(ref reader, blocks, offsets, run);
        }

        reader.Refill();
        return TryDecodeScaled(ref reader, blocks, offsets, run);
    }

    private static bool TryDecodeScaled(ref BitReader reader, ReadOnlySpan<McuBlock> blocks, scoped Span<int> offsets, int run)
    {
        var local = reader;
        Span<int> kept = stackalloc int[Diagonal + 1];
        for (; run > 0; run--)
        {
            for (var index = 0; index < blocks.Length; index++)
            {
                ref readonly var block = ref blocks[index];
                var component = block.Component;
                if (!DcDifference.TryRead(ref local, component.DcTable!, out var difference))
                {
                    return false;
                }

                var dc = (component.Prediction += difference) * component.Quantization[0];
                var position = 1;
                if (component.Scale == 1)
                {
                    component.Samples[offsets[index]] = ScaledBlock.Mean(dc);
                }
                else
                {
                    kept.Clear();
                    while (position <= Diagonal)
                    {
                        if (!TryReadValue(ref local, component.AcTable!, out var step, out var value))
                        {
                            return false;
                        }

                        position += step;
                        if (position <= Diagonal + 1)
                        {
                            kept[position - 1] = value * component.Quantization[position - 1];
                        }
                    }

                    var samples = component.Samples[offsets[index]..];
                    ScaledBlock.WriteQuarters(dc, kept[Across], kept[Down], kept[Diagonal], samples, component.Stride);
                }

                offsets[index] += block.SampleStep;
                if (position < BlockSize && !TrySkip(ref local, component.AcTable!, position))
                {
                    return false;
                }
            }
        }

        reader = local;
        return true;
    }

    /// <summary>One symbol with its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadValue(ref BitReader reader, HuffmanTable table, out int step, out int value)
    {
        var entry = table.Values[(int)(reader.Bits >> (64 - HuffmanTable.LookupBits))];
        reader.Refill();
        if ((entry & HuffmanTable.NeedsMore) != 0)
        {
            entry = table.DecodeLong(reader.Bits);
        }

        reader.Take(entry);
        step = (byte)(entry >> 8);
        value = entry >> 16;
        return entry != 0;
    }

    /// <summary>Skips the rest of a block, from a zigzag position below 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkip(ref BitReader reader, HuffmanTable table, int position)
    {
        var skips = table.Lookups.AsSpan(table.Start, HuffmanTable.LookupSize);
        while (true)
        {
            int before;
            ulong bits;
            int entry;
            do
            {
                entry = skips[(int)(reader.Bits >> (64 - HuffmanTable.LookupBits))];
                reader.Refill();
                bits = reader.Bits;
                before = position;
                reader.Take(entry);
                position += entry >> 8;
            }
            while (position < BlockSize);

            if (HuffmanTable.IsBlockEnd(position))
            {
                return true;
            }

            // A long code, or codes of which the last belong to the next block: undo the step and take one code.
            reader.Bits = bits;
            reader.Count += (nuint)entry & 63;
            position = before;
            entry = table.DecodeLong(reader.Bits);
            reader.Take(entry);
            position += (byte)(entry >> 8);
            if (position >= BlockSize || entry == 0)
            {
                return entry != 0 && HuffmanTable.IsBlockEnd(position);
            }
        }
    }
}
