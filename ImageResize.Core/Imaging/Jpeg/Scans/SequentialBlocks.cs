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

    /// <summary>Samples of a block, across and down, of which each is the mean of a quarter.</summary>
    private const int QuarterSide = 2;

    /// <summary>Keeps coefficients in the order of the file.</summary>
    private static ReadOnlySpan<byte> QuarterOrder => [0, 1, 2, 3, 4];

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
            var order = component.Scale == QuarterSide ? QuarterOrder : InverseDct.Order(component.Scale);
            position = ReadValues(ref reader, table, order, kept);
        }

        var samples = component.Samples[offset..];
        if (component.Scale == 1 || position == 1 + HuffmanTable.EndOfBlock)
        {
            WriteMean(component, samples);
        }
        else
        {
            WriteSamples(component, kept, samples);
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

    private static void WriteMean(JpegComponent component, Span<byte> samples)
    {
        var mean = ScaledBlock.Mean(component.Prediction * component.Quantization[0]);
        for (var row = 0; row < component.Scale; row++)
        {
            samples.Slice(row * component.Stride, component.Scale).Fill(mean);
        }
    }

    /// <param name="kept">The coefficients that the scale needs, without the first one.</param>
    private static void WriteSamples(JpegComponent component, scoped Span<short> kept, Span<byte> samples)
    {
        if (component.Scale == QuarterSide)
        {
            var steps = component.Quantization;
            ScaledBlock.WriteQuarters(
                component.Prediction * steps[0],
                kept[Across] * steps[Across],
                kept[Down] * steps[Down],
                kept[Diagonal] * steps[Diagonal],
                samples,
                component.Stride);

            return;
        }

        kept[0] = (short)Math.Clamp(component.Prediction, short.MinValue, short.MaxValue);
        if (component.Scale == InverseDct.HalfSide)
        {
            InverseDct.WriteHalf(kept, component.Multipliers, samples, component.Stride);
        }
        else
        {
            InverseDct.WriteWhole(kept, component.Multipliers, samples, component.Stride);
        }
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
