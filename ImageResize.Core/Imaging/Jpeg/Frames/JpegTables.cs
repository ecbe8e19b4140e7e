using System.Buffers.Binary;
using ImageResize.Core.Imaging.Jpeg.Entropy;

namespace ImageResize.Core.Imaging.Jpeg.Frames;

/// <summary>The tables that a file defines: up to four each for quantization, DC codes and AC codes.</summary>
internal sealed class JpegTables
{
    private const int Slots = 4;
    private readonly HuffmanTable[] _dc = new HuffmanTable[Slots];
    private readonly HuffmanTable[] _ac = new HuffmanTable[Slots];

    /// <summary>All tables' lookups in one array, so that the decoder's loop can refer to a table by its offset.</summary>
    private readonly ushort[] _lookups = new ushort[2 * Slots * HuffmanTable.LookupSize];
    private readonly ushort[] _quantization = new ushort[Slots * 64];
    private readonly bool[] _hasQuantization = new bool[Slots];

    public JpegTables()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            _dc[slot] = new HuffmanTable(_lookups, slot * HuffmanTable.LookupSize, isAc: false);
            _ac[slot] = new HuffmanTable(_lookups, (Slots + slot) * HuffmanTable.LookupSize, isAc: true);
        }
    }

    public void Clear()
    {
        Array.Clear(_hasQuantization);
        foreach (var table in _dc)
        {
            table.IsDefined = false;
        }

        foreach (var table in _ac)
        {
            table.IsDefined = false;
        }
    }

    public HuffmanTable? FindDc(int number) => number < Slots && _dc[number].IsDefined ? _dc[number] : null;

    public HuffmanTable? FindAc(int number) => number < Slots && _ac[number].IsDefined ? _ac[number] : null;

    public bool TryGetQuantization(int number, out ReadOnlySpan<ushort> table)
    {
        table = _quantization.AsSpan(64 * number, 64);
        return _hasQuantization[number];
    }

    public bool TryReadHuffman(ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            var number = payload[0] & 15;
            var isAc = payload[0] >> 4 == 1;
            if (number >= Slots || payload[0] >> 4 > 1)
            {
                return false;
            }

            var table = (isAc ? _ac : _dc)[number];
            if (!table.TryDefine(payload[1..], out var length))
            {
                return false;
            }

            payload = payload[(1 + length)..];
        }

        return true;
    }

    public bool TryReadQuantization(ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            var number = payload[0] & 15;
            var bytes = 1 + (payload[0] >> 4);
            if (number >= Slots || bytes > 2 || payload.Length < 1 + (64 * bytes))
            {
                return false;
            }

            for (var position = 0; position < 64; position++)
            {
                _quantization[(64 * number) + position] =
                    bytes == 1 ? payload[1 + position] : BinaryPrimitives.ReadUInt16BigEndian(payload[(1 + (2 * position))..]);
            }

            _hasQuantization[number] = true;
            payload = payload[(1 + (64 * bytes))..];
        }

        return true;
    }
}
