using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.Scans;

/// <summary>
/// Decodes the mean of each block of a sequential scan and skips its AC coefficients, several codes per lookup. The methods of the inner
/// loop work on a copy of the reader and are inlined, so that the reader stays in registers.
/// </summary>
internal static class DcBlocks
{
    private const int BlockSize = 64;

    /// <returns>False if the codes are not valid or the data ends early.</returns>
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
        var samples = blocks[0].Component.AllSamples;
        var local = reader;
        for (; run > 0; run--)
        {
            for (var index = 0; index < numbers.Length; index++)
            {
                ref var block = ref numbers[index];
                ref var prediction = ref predictions[block.Component];
                if (!TryReadDc(ref local, lookups, block, blocks[index], ref prediction)
                    || !TrySkipAc(ref local, lookups, block, blocks[index]))
                {
                    return false;
                }

                samples[block.Sample] = ScaledBlock.Mean(prediction * block.Quantization);
                block.Sample += block.Step;
            }
        }

        reader = local;
        foreach (ref readonly var block in blocks)
        {
            block.Component.Prediction = predictions[block.Component.Index];
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadDc(ref BitReader reader, ushort[] lookups, in Block block, in McuBlock mcuBlock, ref int prediction)
    {
        if (!reader.TryRefill())
        {
            return false;
        }

        // Each table has 4096 lookups, and neither 10 nor 12 bits reach further.
        Debug.Assert(block.DcTable + HuffmanTable.LookupSize <= lookups.Length, "The table is complete.");
        ref var table = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(lookups), block.DcTable);
        int entry = Unsafe.Add(ref table, (nint)(reader.Bits >> (64 - HuffmanTable.DcLookupBits)));
        var difference = DcDifference.Extend(reader.Bits, entry);
        if (entry == 0)
        {
            entry = mcuBlock.Component.DcTable!.DecodeLong(reader.Bits);
            difference = entry >> 16;
        }

        reader.Take(entry);
        prediction += difference;
        return entry != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkipAc(ref BitReader reader, ushort[] lookups, in Block block, in McuBlock mcuBlock)
    {
        Debug.Assert(block.AcTable + HuffmanTable.LookupSize <= lookups.Length, "The table is complete.");
        ref var skips = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(lookups), block.AcTable);
        nuint place = 1;
        while (true)
        {
            nuint entry;
            do
            {
                entry = Unsafe.Add(ref skips, (nint)(reader.Bits >> (64 - HuffmanTable.LookupBits)));

                // The processor refills while it waits for the lookup.
                if (!reader.TryRefill())
                {
                    return false;
                }

                reader.Take((int)entry);
                place += entry >> 8;
            }
            while (place < BlockSize);

            if (HuffmanTable.IsBlockEnd((int)place))
            {
                return true;
            }

            // A long code, or codes of which the last belong to the next block: undo the step and take one code.
            place -= entry >> 8;
            reader.Return(entry);
            var single = mcuBlock.Component.AcTable!.DecodeLong(reader.Bits);
            reader.Take(single);
            place += (byte)(single >> 8);
            if (place >= BlockSize || single == 0)
            {
                return single != 0 && HuffmanTable.IsBlockEnd((int)place);
            }
        }
    }

    /// <summary>A block of the MCU in numbers: where its tables and its next sample are.</summary>
    private struct Block
    {
        public int Component;
        public int DcTable;
        public int AcTable;
        public int Quantization;
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
                Quantization = component.Quantization[0],
                Sample = component.SamplesStart + offset,
                Step = block.SampleStep,
            };
        }

        /// <summary>Reading the lookups fills them.</summary>
        private static int StartOf(HuffmanTable table) => table.Lookups.Length > 0 ? table.Start : 0;
    }
}
