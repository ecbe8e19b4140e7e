using System.Numerics;

namespace ImageResize.Core.Imaging.Png.Inflating;

/// <summary>
/// Finds a Huffman code's <see cref="CodeEntry"/> by the next bits of the data. Codes longer than the index continue in subtables. Built as
/// in libdeflate: codes of one length after the other, and the table so far is doubled for the next length.
/// </summary>
internal sealed class CodeTable
{
    public const int MaxLength = 15;

    private readonly int _bits;
    private readonly uint[] _entries;
    private readonly ushort[] _sorted = new ushort[288];

    /// <param name="bits">Of the index.</param>
    /// <param name="symbols">A subtable has at least two codes, so there are at most half as many.</param>
    public CodeTable(int bits, int symbols)
    {
        _bits = bits;
        _entries = new uint[(1 << bits) + (symbols / 2 << (MaxLength - bits))];
    }

    /// <summary>As many as every index has.</summary>
    public ReadOnlySpan<uint> Entries => _entries;

    /// <returns>Whether the lengths describe a complete code, or, as in zlib, a code for distances with at most one symbol.</returns>
    /// <param name="lengths">By symbol; 0 if it is not used.</param>
    /// <param name="symbols">Entries without lengths.</param>
    public bool TryBuild(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols, bool isDistance)
    {
        Span<int> counts = stackalloc int[MaxLength + 1];
        counts.Clear();
        foreach (var length in lengths)
        {
            counts[length]++;
        }

        var used = lengths.Length - counts[0];
        counts[0] = 0;
        if (isDistance && (used == 0 || (used == 1 && counts[1] == 1)))
        {
            BuildSingle(lengths, symbols);
            return true;
        }

        var left = 1;
        for (var length = 1; length <= MaxLength; length++)
        {
            left = (2 * left) - counts[length];
            if (left < 0)
            {
                return false;
            }
        }

        if (left != 0)
        {
            return false;
        }

        Sort(lengths, counts);
        Fill(symbols, counts);
        return true;
    }

    /// <summary>Joins literals whose codes fit the index together, so that one lookup finds up to three.</summary>
    public void JoinLiterals()
    {
        // An index without its first code is smaller, so its entry still has a single literal.
        for (var index = (1 << _bits) - 1; index >= 0; index--)
        {
            var first = _entries[index];
            var bits = (int)(first & CodeEntry.BitsMask);
            if ((first & CodeEntry.CountMask) == 0 || bits >= _bits)
            {
                continue;
            }

            var second = _entries[index >> bits];
            var both = bits + (int)(second & CodeEntry.BitsMask);
            if ((second & CodeEntry.CountMask) == 0 || both > _bits)
            {
                continue;
            }

            var joined = (uint)both | (2 << CodeEntry.CountShift) | (first & 0xFF00) | ((second & 0xFF00) << 8);
            var third = _entries[index >> both];
            var all = both + (int)(third & CodeEntry.BitsMask);
            _entries[index] = (third & CodeEntry.CountMask) == 0 || all > _bits
                ? joined
                : (joined & 0xFF_FF00) | (uint)all | (3 << CodeEntry.CountShift) | ((third & 0xFF00) << 16);
        }
    }

    private void BuildSingle(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols)
    {
        var entries = _entries.AsSpan(0, 1 << _bits);
        entries.Fill(CodeEntry.Invalid);
        var symbol = lengths.IndexOfAnyExcept((byte)0);
        for (var index = 0; symbol >= 0 && index < entries.Length; index += 2)
        {
            entries[index] = CodeEntry.WithLength(symbols[symbol], 1);
        }
    }

    /// <summary>Sorts the symbols by the length of their codes.</summary>
    private void Sort(ReadOnlySpan<byte> lengths, ReadOnlySpan<int> counts)
    {
        Span<int> next = stackalloc int[MaxLength + 1];
        next[0] = 0;
        for (var length = 1; length <= MaxLength; length++)
        {
            next[length] = next[length - 1] + counts[length - 1];
        }

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] > 0)
            {
                _sorted[next[lengths[symbol]]++] = (ushort)symbol;
            }
        }
    }

    private void Fill(ReadOnlySpan<uint> symbols, ReadOnlySpan<int> counts)
    {
        var (code, at) = (0u, 0);
        _entries[0] = 0;
        for (var length = 1; length <= _bits; length++)
        {
            var half = 1 << (length - 1);
            _entries.AsSpan(0, half).CopyTo(_entries.AsSpan(half));
            for (var count = counts[length]; count > 0; count--)
            {
                _entries[code] = CodeEntry.WithLength(symbols[_sorted[at++]], length);
                code = Next(code, length);
            }
        }

        FillSubtables(symbols, counts, code, at);
    }

    private void FillSubtables(ReadOnlySpan<uint> symbols, ReadOnlySpan<int> counts, uint code, int at)
    {
        var size = 1 << (MaxLength - _bits);
        var (start, prefix, mask) = ((1 << _bits) - size, uint.MaxValue, (1u << _bits) - 1);
        for (var length = _bits + 1; length <= MaxLength; length++)
        {
            for (var count = counts[length]; count > 0; count--)
            {
                if ((code & mask) != prefix)
                {
                    prefix = code & mask;
                    start += size;
                    _entries[prefix] = (uint)_bits | CodeEntry.Subtable | ((uint)start << CodeEntry.BaseShift);
                }

                var entry = CodeEntry.WithLength(symbols[_sorted[at++]], length - _bits);
                for (var index = (int)(code >> _bits); index < size; index += 1 << (length - _bits))
                {
                    _entries[start + index] = entry;
                }

                code = Next(code, length);
            }
        }
    }

    /// <summary>The code after this one, in the order of canonical codes. Codes are stored with their first bit lowest.</summary>
    private static uint Next(uint code, int length)
    {
        var zeros = ~code & ((1u << length) - 1);
        if (zeros == 0)
        {
            return code;
        }

        var bit = 1u << BitOperations.Log2(zeros);
        return (code & (bit - 1)) | bit;
    }
}
