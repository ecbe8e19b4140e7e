using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>The tables that a file defines on its way: four each for quantisation, DC codes and AC codes.</summary>
internal sealed class JpegTables
{
    private const int Slots = 4;
    private readonly HuffmanTable[] _dc = new HuffmanTable[Slots];
    private readonly HuffmanTable[] _ac = new HuffmanTable[Slots];

    /// <summary>All tables' lookups, one after the other: the decoder's loop then knows each by a number.</summary>
    private readonly ushort[] _lookups = new ushort[2 * Slots * HuffmanTable.LookupSize];
    private readonly ushort[] _quantisation = new ushort[Slots * 64];
    private readonly bool[] _hasQuantisation = new bool[Slots];

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
        Array.Clear(_hasQuantisation);
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

    public bool TryGetQuantisation(int number, out ReadOnlySpan<ushort> table)
    {
        table = _quantisation.AsSpan(64 * number, 64);
        return _hasQuantisation[number];
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

    public bool TryReadQuantisation(ReadOnlySpan<byte> payload)
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
                _quantisation[(64 * number) + position] =
                    bytes == 1 ? payload[1 + position] : BinaryPrimitives.ReadUInt16BigEndian(payload[(1 + (2 * position))..]);
            }

            _hasQuantisation[number] = true;
            payload = payload[(1 + (64 * bytes))..];
        }

        return true;
    }
}
