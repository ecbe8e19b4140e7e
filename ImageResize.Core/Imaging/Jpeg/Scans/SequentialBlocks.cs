using System.Runtime.CompilerServices;
using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;

namespace ImageResize.Core.Imaging.Jpeg.Scans;

/// <summary>
/// Decodes blocks of sequential files. Only the coefficients that the scale needs are decoded. The others are skipped several codes per
/// lookup.
/// </summary>
internal static class SequentialBlocks
{
    private const int BlockSize = 64;

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
        Span<short> kept = stackalloc short[BlockSize];
        for (; run > 0; run--)
        {
            for (var index = 0; index < blocks.Length; index++)
            {
                ref readonly var block = ref blocks[index];
                if (!TryDecodeBlock(ref local, block.Component, kept, offsets[index]))
                {
                    return false;
                }

                offsets[index] += block.SampleStep;
            }
        }

        reader = local;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDecodeBlock(ref BitReader reader, JpegComponent component, scoped Span<short> kept, int offset)
    {
        var table = component.AcTable!;
        if (!DcDifference.TryRead(ref reader, component.DcTable!, out var difference))
        {
            return false;
        }

        component.Prediction += difference;
        var position = 1;
        if (component.Scale > 1)
        {
            position = ReadValues(ref reader, table, BlockSamples.Order(component.Scale), kept);
        }

        var samples = component.Samples[offset..];
        if (component.Scale == 1 || position == 1 + HuffmanTable.EndOfBlock)
        {
            BlockSamples.WriteMean(component, component.Prediction, samples);
        }
        else
        {
            BlockSamples.Write(component, component.Prediction, kept, samples);
        }

        return position < BlockSize ? TrySkip(ref reader, table, position) : HuffmanTable.IsBlockEnd(position);
    }

    /// <summary>Reads as many coefficients as <paramref name="order"/> has places for.</summary>
    /// <returns>The position after the last one read. More than 64 and no end of a block if a code is not valid.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadValues(ref BitReader reader, HuffmanTable table, ReadOnlySpan<byte> order, scoped Span<short> kept)
    {
        var values = table.Values.AsSpan(0, HuffmanTable.LookupSize);
        kept.Clear();
        var position = 1;
        while (position < order.Length)
        {
            var entry = values[(int)(reader.Bits >> (64 - HuffmanTable.LookupBits))];
            reader.Refill();
            if ((entry & HuffmanTable.NeedsMore) != 0)
            {
                entry = table.DecodeLong(reader.Bits);
                if (entry == 0)
                {
                    return BlockSize + 1;
                }
            }

            reader.Take(entry);
            position += (byte)(entry >> 8);
            if (position <= order.Length)
            {
                kept[order[position - 1]] = (short)(entry >> 16);
            }
        }

        return position;
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
