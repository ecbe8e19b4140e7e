using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// The loop that thumbnails spend their time in: of each block the mean, and over the rest as many codes at a look as fit. One method
/// with nothing but numbers in it, so that all of them stay in registers: the same with calls and fields in it takes a fifth longer.
/// </summary>
internal static class DcBlocks
{
    private const int BlockSize = 64;

    /// <returns>False when the codes make no sense, or the data ended before.</returns>
    public static bool TryDecode(ref BitReader reader, ReadOnlySpan<McuBlock> blocks, scoped ReadOnlySpan<int> offsets, int run)
    {
        Span<Block> numbers = stackalloc Block[blocks.Length];
        Span<int> predictions = stackalloc int[3];
        for (var index = 0; index < blocks.Length; index++)
        {
            var component = blocks[index].Component;
            predictions[component.Index] = component.Prediction;
            numbers[index] = Block.Of(blocks[index], offsets[index]);
        }

        var lookups = blocks[0].Component.AcTable!.Lookups;
        var isDecoded = TryDecode(ref reader, blocks, numbers, predictions, lookups, blocks[0].Component.AllSamples, run);
        foreach (ref readonly var block in blocks)
        {
            block.Component.Prediction = predictions[block.Component.Index];
        }

        return isDecoded;
    }

    /// <summary>One DC symbol. Needs a refilled reader, and leaves bits for a lookup.</summary>
    public static bool TryReadDifference(ref BitReader reader, HuffmanTable table, out int difference)
    {
        int entry = table.Lookups[table.Start + (int)(reader.Bits >> (64 - HuffmanTable.DcLookupBits))];
        reader.Refill();
        if (entry == 0)
        {
            entry = table.DecodeLong(reader.Bits);
            difference = entry >> 16;
        }
        else
        {
            difference = Difference(reader.Bits, entry);
        }

        reader.Take(entry);
        return entry != 0;
    }

    private static bool TryDecode(
        ref BitReader reader,
        ReadOnlySpan<McuBlock> blocks,
        scoped Span<Block> numbers,
        scoped Span<int> predictions,
        ushort[] lookups,
        Span<byte> samples,
        int run)
    {
        var data = reader.Padded;
        var limit = reader.Limit;
        var (bits, count, position) = (reader.Bits, reader.Count, reader.Position);
        ref var table = ref MemoryMarshal.GetArrayDataReference(lookups);

        for (; run > 0; run--)
        {
            for (var index = 0; index < numbers.Length; index++)
            {
                ref var block = ref numbers[index];
                if (position > limit)
                {
                    return false;
                }

                bits |= BitReader.Read(data, position) >> (int)count;
                position += (count ^ 63) >> 3;
                count |= 56;

                // Each table has 4096 lookups, and neither 10 nor 12 bits reach further.
                Debug.Assert(block.DcTable + HuffmanTable.LookupSize <= lookups.Length, "The table is whole.");
                int dc = Unsafe.Add(ref table, block.DcTable + (int)(bits >> (64 - HuffmanTable.DcLookupBits)));
                var difference = Difference(bits, dc);
                if (dc == 0)
                {
                    dc = blocks[index].Component.DcTable!.DecodeLong(bits);
                    difference = dc >> 16;
                    if (dc == 0)
                    {
                        return false;
                    }
                }

                bits <<= dc;
                count -= (nuint)dc & 63;
                predictions[block.Component] += difference;
                samples[block.Sample] = ScaledBlock.Mean(predictions[block.Component] * block.Quantisation);
                block.Sample += block.Step;

                Debug.Assert(block.AcTable + HuffmanTable.LookupSize <= lookups.Length, "The table is whole.");
                ref var skips = ref Unsafe.Add(ref table, block.AcTable);
                nuint place = 1;
                while (true)
                {
                    nuint entry;
                    do
                    {
                        entry = Unsafe.Add(ref skips, (nint)(bits >> (64 - HuffmanTable.LookupBits)));
                        if (position > limit)
                        {
                            return false;
                        }

                        // The processor refills while it waits for the lookup.
                        bits |= BitReader.Read(data, position) >> (int)count;
                        position += (count ^ 63) >> 3;
                        count |= 56;
                        bits <<= (int)entry;
                        count -= entry & 63;
                        place += entry >> 8;
                    }
                    while (place < BlockSize);

                    if (SequentialBlocks.IsEnd((int)place))
                    {
                        break;
                    }

                    // A long code, or codes of which the last belong to the next block: back, and one alone.
                    place -= entry >> 8;
                    var at = (8 * position) - count - (entry & 63);
                    position = at >> 3;
                    bits = BitReader.Read(data, position) << (int)(at & 7);
                    count = 56 - (at & 7);
                    position += 7;

                    var single = blocks[index].Component.AcTable!.DecodeLong(bits);
                    bits <<= single;
                    count -= (nuint)single & 63;
                    place += (byte)(single >> 8);
                    if (single == 0 || (place >= BlockSize && !SequentialBlocks.IsEnd((int)place)))
                    {
                        return false;
                    }

                    if (place >= BlockSize)
                    {
                        break;
                    }
                }
            }
        }

        (reader.Bits, reader.Count, reader.Position) = (bits, count, position);
        return true;
    }

    /// <summary>What the extra bits behind a DC code stand for (ITU-T T.81, figure F.12), without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Difference(ulong bits, int entry)
    {
        var size = entry >> 8;
        var extra = (int)(bits << (entry - size) >> 1 >> (63 - size));
        return extra + (((extra - (1 << (size - 1))) >> 31) & ((-1 << size) + 1));
    }

    /// <summary>A block of the MCU in numbers: where its tables and its next sample lie.</summary>
    private struct Block
    {
        public int Component;
        public int DcTable;
        public int AcTable;
        public int Quantisation;
        public int Sample;
        public int Step;

        public static Block Of(in McuBlock block, int offset)
        {
            var component = block.Component;
            return new Block
            {
                Component = component.Index,
                DcTable = StartOf(component.DcTable!),
                AcTable = StartOf(component.AcTable!),
                Quantisation = component.Quantisation[0],
                Sample = component.SamplesStart + offset,
                Step = block.SampleStep,
            };
        }

        /// <summary>Asking for the lookups fills them.</summary>
        private static int StartOf(HuffmanTable table) => table.Lookups.Length > 0 ? table.Start : 0;
    }
}
