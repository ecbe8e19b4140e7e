using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>The means of blocks, from the bits at which they begin.</summary>
internal static unsafe class DcSamples
{
    /// <param name="data">With eight bytes behind each start.</param>
    public static void Write(byte* data, int* starts, ReadOnlySpan<McuBlock> blocks, int across, int down)
    {
        var count = 0;
        for (var first = 0; first < blocks.Length; first += count)
        {
            count = blocks[first].Across * blocks[first].Down;
            WritePlane(data, starts + first, blocks.Slice(first, count), blocks.Length, across, down);
        }
    }

    private static void WritePlane(byte* data, int* starts, ReadOnlySpan<McuBlock> blocks, int blocksPerMcu, int across, int down)
    {
        var component = blocks[0].Component;
        var places = stackalloc byte*[blocks.Length];
        var prediction = 0;
        fixed (byte* samples = component.Samples)
        {
            for (var row = 0; row < down; row++)
            {
                for (var index = 0; index < blocks.Length; index++)
                {
                    places[index] = samples + blocks[index].SampleOffset(row, 0);
                }

                prediction = WriteRow(data, starts, blocksPerMcu, places, blocks, across, prediction);
                starts += across * blocksPerMcu;
            }
        }
    }

    private static int WriteRow(
        byte* data,
        int* starts,
        int blocksPerMcu,
        byte** places,
        ReadOnlySpan<McuBlock> blocks,
        int across,
        int prediction)
    {
        var table = blocks[0].Component.DcTable!;
        var (count, step, quantisation) = (blocks.Length, blocks[0].SampleStep, (int)blocks[0].Component.Quantisation[0]);
        fixed (short* differences = table.Differences)
        {
            for (; across > 0; across--, starts += blocksPerMcu)
            {
                for (nint index = 0; index < count; index++)
                {
                    var start = starts[index];
                    var bytes = *(ulong*)(data + (start >> 3));
                    var bits = (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bytes) : bytes) << (start & 7);
                    int difference = differences[bits >> (64 - HuffmanTable.LookupBits)];
                    if (difference == HuffmanTable.DoesNotFit)
                    {
                        difference = ReadLong(table, bits);
                    }

                    prediction += difference;
                    *places[index] = ScaledBlock.Mean(prediction * quantisation);
                    places[index] += step;
                }
            }
        }

        return prediction;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadLong(HuffmanTable table, ulong bits)
    {
        int code = table.Lookups[table.Start + (int)(bits >> (64 - HuffmanTable.DcLookupBits))];
        return code == 0 ? table.DecodeLong(bits) >> 16 : DcBlocks.Difference(bits, code);
    }
}
