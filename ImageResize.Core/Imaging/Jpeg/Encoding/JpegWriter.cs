using System.Buffers;
using System.Numerics;
using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Jpeg.Segments;

namespace ImageResize.Core.Imaging.Jpeg.Encoding;

/// <summary>Writes headers and coded blocks to a buffer that is kept for the next image.</summary>
internal sealed class JpegWriter
{
    /// <summary>The most bytes of a block: 64 values of 26 bits, in which each byte may be 0xFF and need a stuffed zero.</summary>
    private const int MaxBlockBytes = 512;

    private readonly ArrayBufferWriter<byte> _output = new(16_384);
    private ulong _bits;
    private int _count;

    public void Start(ThumbnailPlanes planes, QuantizationTable luma, QuantizationTable chroma)
    {
        var isColor = planes.IsColor;
        _output.ResetWrittenCount();
        (_bits, _count) = (0, 0);

        _output.Write<byte>([0xFF, Marker.StartOfImage]);
        WriteSegment(Marker.App0, "JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0"u8);
        WriteTable(Marker.QuantizationTables, 0, luma.Steps);
        WriteHuffman(0, HuffmanCodes.Luma);
        if (isColor)
        {
            WriteTable(Marker.QuantizationTables, 1, chroma.Steps);
            WriteHuffman(1, HuffmanCodes.Chroma);
        }

        var (high, low, left, right) = ((byte)(planes.Height >> 8), (byte)planes.Height, (byte)(planes.Width >> 8), (byte)planes.Width);
        WriteSegment(
            Marker.BaselineFrame,
            isColor ? [8, high, low, left, right, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1] : [8, high, low, left, right, 1, 1, 0x11, 0]);
        WriteSegment(Marker.StartOfScan, isColor ? [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0] : [1, 1, 0, 0, 63, 0]);
    }

    /// <param name="coefficients">In zigzag order. The first one is not read.</param>
    /// <param name="nonzero">A bit for each coefficient that is not zero, from the lowest bit on.</param>
    /// <param name="difference">Of the first coefficient to that of the block before.</param>
    public void WriteBlock(ReadOnlySpan<short> coefficients, ulong nonzero, HuffmanCodes codes, int difference)
    {
        var bits = new BitWriter(_output.GetSpan(MaxBlockBytes), _bits, _count);
        WriteValue(ref bits, codes.Dc, 0, difference);

        var ac = codes.Ac;
        var last = 0;
        for (var rest = nonzero & ~1UL; rest != 0; rest &= rest - 1)
        {
            var position = BitOperations.TrailingZeroCount(rest);
            var run = position - last - 1;
            for (; run > 15; run -= 16)
            {
                bits.Write(ac[0xF0] >> 5, ac[0xF0] & 31);
            }

            WriteValue(ref bits, ac, run, coefficients[position]);
            last = position;
        }

        if (last < coefficients.Length - 1)
        {
            bits.Write(ac[0] >> 5, ac[0] & 31);
        }

        Advance(bits);
    }

    public byte[] Finish()
    {
        // Ones fill up the last byte (ITU-T T.81, F.1.2.3).
        var bits = new BitWriter(_output.GetSpan(MaxBlockBytes), _bits, _count);
        bits.Write(0x7F, 7);
        bits.Flush();
        Advance(bits);
        _output.Write<byte>([0xFF, Marker.EndOfImage]);
        return _output.WrittenSpan.ToArray();
    }

    private void WriteHuffman(int number, HuffmanCodes codes)
    {
        WriteTable(Marker.HuffmanTables, number, codes.DcDefinition);
        WriteTable(Marker.HuffmanTables, 0x10 | number, codes.AcDefinition);
    }

    private void WriteTable(byte marker, int number, ReadOnlySpan<byte> table)
    {
        WriteStart(marker, 1 + table.Length);
        _output.Write<byte>([(byte)number]);
        _output.Write(table);
    }

    private void WriteSegment(byte marker, ReadOnlySpan<byte> payload)
    {
        WriteStart(marker, payload.Length);
        _output.Write(payload);
    }

    private void WriteStart(byte marker, int length)
    {
        length += 2;
        _output.Write<byte>([0xFF, marker, (byte)(length >> 8), (byte)length]);
    }

    private void Advance(in BitWriter bits)
    {
        _output.Advance(bits.Length);
        (_bits, _count) = (bits.Bits, bits.Count);
    }

    private static void WriteValue(ref BitWriter bits, ReadOnlySpan<int> codes, int run, int value)
    {
        var size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        var code = codes[(run << 4) | size];

        // Negative values are sent less one (ITU-T T.81, F.1.2.1).
        var extra = (value + (value >> 31)) & ((1 << size) - 1);
        bits.Write(((code >> 5) << size) | extra, (code & 31) + size);
    }
}
