using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.DcOnly;

/// <summary>Computes the means of blocks from the bits at which they start.</summary>
internal static unsafe class DcSamples
{
    /// <param name="data">With at least eight bytes after each start.</param>
    /// <param name="rows">Room for the blocks of a row of MCUs.</param>
    public static void Write(byte* data, int* starts, int* rows, ReadOnlySpan<McuBlock> blocks, int across, int down)
    {
        var count = 0;
        for (var first = 0; first < blocks.Length; first += count)
        {
            count = blocks[first].Across * blocks[first].Down;
            WritePlane(data, starts + first, rows, blocks.Slice(first, count), blocks.Length, across, down);
        }
    }

    private static void WritePlane(
        byte* data,
        int* starts,
        int* rows,
        ReadOnlySpan<McuBlock> blocks,
        int blocksPerMcu,
        int across,
        int down)
    {
        var component = blocks[0].Component;
        var places = stackalloc int*[blocks.Length];
        for (var index = 0; index < blocks.Length; index++)
        {
            places[index] = rows + blocks[index].SampleOffset(0, 0);
        }

        var rowsSize = component.Stride * blocks[0].Down;
        var count = (component.Stride * (blocks[0].Down - 1)) + (across * blocks[0].Across);
        var prediction = 0;
        for (var row = 0; row < down; row++, starts += across * blocksPerMcu)
        {
            prediction = ReadRow(data, starts, blocksPerMcu, places, blocks, across, prediction);
            ScaledBlock.WriteMeans(new ReadOnlySpan<int>(rows, count), component.Quantization[0], component.Samples[(row * rowsSize)..]);
        }
    }

    /// <summary>Reads the DC coefficients of a row of MCUs, before dequantization.</summary>
    private static int ReadRow(
        byte* data,
        int* starts,
        int blocksPerMcu,
        int** places,
        ReadOnlySpan<McuBlock> blocks,
        int across,
        int prediction)
    {
        var table = blocks[0].Component.DcTable!;
        nint step = blocks[0].SampleStep;
        nint end = across * step;
        nint count = blocks.Length;
        fixed (short* differences = table.Differences)
        {
            for (nint place = 0; place < end; place += step, starts += blocksPerMcu)
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
                    places[index][place] = prediction;
                }
            }
        }

        return prediction;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadLong(HuffmanTable table, ulong bits)
    {
        int code = table.Lookups[table.Start + (int)(bits >> (64 - HuffmanTable.DcLookupBits))];
        return code == 0 ? table.DecodeLong(bits) >> 16 : DcDifference.Extend(bits, code);
    }
}
