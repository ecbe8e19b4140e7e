using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// One Huffman table, and the lookups made of it. Defining the same table again costs a comparison, and most encoders
/// write the same tables into every file.
/// </summary>
/// <param name="lookups">Shared by all tables; this one's begin at <paramref name="start"/>.</param>
internal sealed class HuffmanTable(ushort[] lookups, int start, bool isAc)
{
    /// <summary>Bits that a lookup sees. 13 is no faster (the tables then fill the first-level cache), 11 is slower.</summary>
    public const int LookupBits = 12;

    /// <summary>Of DC codes; encoders write none longer than 9, or 11 for chroma.</summary>
    public const int DcLookupBits = 10;

    public const int LookupSize = 1 << LookupBits;

    /// <summary>A step that ends the block. Larger than any sum of runs, so that it shows in the sum.</summary>
    public const int EndOfBlock = 128;

    /// <summary>In an entry of <see cref="Values"/>: the value did not fit in the lookup.</summary>
    public const int NeedsMore = 0x80;

    /// <summary>In <see cref="Differences"/>: code and extra bits are longer than a lookup.</summary>
    public const short DoesNotFit = short.MinValue;

    private const int MaxLength = 16;
    private const int MaxSymbols = 256;
    /// <summary>The longest difference of 8-bit samples, in bits.</summary>
    private const int MaxDcSymbol = 11;

    private readonly byte[] _definition = new byte[MaxLength + MaxSymbols];
    private readonly byte[] _symbols = new byte[MaxSymbols];

    /// <summary>By code length: the first code that is longer, aligned to 16 bits; and what to add to a code to find its symbol.</summary>
    private readonly int[] _limits = new int[MaxLength + 1];
    private readonly int[] _offsets = new int[MaxLength + 1];

    private readonly short[] _differences = new short[isAc ? 0 : LookupSize];
    private readonly int[] _values = new int[isAc ? LookupSize : 0];
    private int _definitionLength;
    private bool _hasLookups;
    private bool _hasValues;
    private bool _hasDifferences;

    /// <summary>Defined by the file that is being read, not by one before it.</summary>
    public bool IsDefined { get; set; }

    public int Start => start;

    /// <summary>Another one for each definition.</summary>
    public int Version { get; private set; }

    /// <summary>
    /// Of AC as many symbols as fit: bits 0 to 5 their length with their extra bits, bits 8 to 15 the step in the block; a code that
    /// does not fit has length 0 and step 255. Of DC one symbol: bits 0 to 5 the same length, bits 8 to 15 the extra bits among it;
    /// 0 when it does not fit.
    /// </summary>
    public ushort[] Lookups
    {
        get
        {
            if (!_hasLookups)
            {
                FillLookups();
                _hasLookups = true;
            }

            return lookups;
        }
    }

    /// <summary>
    /// One AC symbol: bits 0 to 5 its length with its extra bits, bits 8 to 15 the step in the block, bits 16 to 31 the value.
    /// <see cref="NeedsMore"/> when it does not fit.
    /// </summary>
    public int[] Values
    {
        get
        {
            if (!_hasValues)
            {
                FillValues();
                _hasValues = true;
            }

            return _values;
        }
    }

    /// <summary>Of DC the difference that code and extra bits stand for.</summary>
    public short[] Differences
    {
        get
        {
            if (!_hasDifferences)
            {
                FillDifferences();
                _hasDifferences = true;
            }

            return _differences;
        }
    }

    /// <summary>Takes a table from the rest of a DHT segment, after the byte with its number; false when it is no valid table.</summary>
    public bool TryDefine(ReadOnlySpan<byte> rest, out int length)
    {
        length = 0;
        if (rest.Length < MaxLength)
        {
            return false;
        }

        var symbolCount = 0;
        foreach (var count in rest[..MaxLength])
        {
            symbolCount += count;
        }

        length = MaxLength + symbolCount;
        if (symbolCount > MaxSymbols || rest.Length < length)
        {
            return false;
        }

        var definition = rest[..length];
        IsDefined = (isAc || !definition[MaxLength..].ContainsAnyExceptInRange((byte)0, (byte)MaxDcSymbol))
            && (definition.SequenceEqual(_definition.AsSpan(0, _definitionLength)) || TryBuild(definition));
        return IsDefined;
    }

    /// <summary>As an entry of <see cref="Values"/>, without a lookup: at most 31 bits long. 0 when the bits are no symbol.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int DecodeLong(ulong bits)
    {
        var symbol = Decode(bits, out var length);
        return symbol >= 0 && IsSequentialSymbol(symbol) ? Entry(bits, symbol, length) : 0;
    }

    /// <summary>For each index, which are the next bits, the code at its top: its symbol in bits 0 to 7, its length above them; 0 where none fits.</summary>
    public void FillCodes(Span<ushort> codes)
    {
        // Codes come in the order of their lengths and count on, so that each takes the indices after those of the one before.
        var (count, next) = (codes.Length, 0);
        for (var length = 1; length <= BitOperations.Log2((uint)count); length++)
        {
            var places = count >> length;
            for (var left = _definition[length - 1]; left > 0; left--, codes = codes[places..])
            {
                int symbol = _symbols[next++];
                codes[..places].Fill((ushort)(IsSequentialSymbol(symbol) ? (length << 8) | symbol : 0));
            }
        }

        codes.Clear();
    }

    /// <summary>One symbol from the top of the bits, 16 of which must be there; -1 when no code fits.</summary>
    public int Decode(ulong bits, out int length)
    {
        var code = (int)(bits >> (64 - MaxLength));
        length = 1;
        while (length <= MaxLength && code >= _limits[length])
        {
            length++;
        }

        return length <= MaxLength ? _symbols[(code >> (MaxLength - length)) + _offsets[length]] : -1;
    }

    /// <summary>The value that the extra bits of a symbol stand for (ITU-T T.81, figure F.12).</summary>
    private static int Extend(int extra, int size) =>
        size > 0 && extra < 1 << (size - 1) ? extra - (1 << size) + 1 : extra;

    public static int Step(int symbol) => symbol switch
    {
        0x00 => EndOfBlock,
        0xF0 => 16,
        _ => (symbol >> 4) + 1,
    };

    /// <summary>A run without a value that is neither end of block nor sixteen zeros: progressive files have them, others do not.</summary>
    private static bool IsSequentialSymbol(int symbol) => (symbol & 15) != 0 || symbol is 0x00 or 0xF0;

    private bool TryBuild(ReadOnlySpan<byte> definition)
    {
        _definitionLength = 0;
        _hasLookups = _hasValues = _hasDifferences = false;
        Version++;

        var code = 0;
        var first = 0;
        for (var length = 1; length <= MaxLength; length++)
        {
            var count = definition[length - 1];
            _offsets[length] = first - code;
            code += count;
            first += count;
            if (code > 1 << length)
            {
                return false;
            }

            _limits[length] = code << (MaxLength - length);
            code <<= 1;
        }

        definition[MaxLength..].CopyTo(_symbols);
        definition.CopyTo(_definition);
        _definitionLength = definition.Length;
        return true;
    }

    private void FillLookups()
    {
        var own = lookups.AsSpan(start, LookupSize);
        if (isAc)
        {
            FillSkips(own);
        }
        else
        {
            FillDc(own);
        }
    }

    private void FillDc(Span<ushort> own)
    {
        own = own[..(1 << DcLookupBits)];
        FillCodes(own);
        foreach (ref var entry in own)
        {
            var size = entry & 0xFF;
            entry = (ushort)(entry == 0 ? 0 : (size << 8) | ((entry >> 8) + size));
        }
    }

    private void FillDifferences()
    {
        Span<ushort> codes = stackalloc ushort[LookupSize];
        FillCodes(codes);
        for (var index = 0; index < LookupSize; index++)
        {
            var (size, length) = (codes[index] & 0xFF, codes[index] >> 8);
            var fits = length > 0 && length + size <= LookupBits;
            _differences[index] = fits ? (short)(Entry(At(index), size, length) >> 16) : DoesNotFit;
        }
    }

    private void FillSkips(Span<ushort> own)
    {
        Span<ushort> singles = stackalloc ushort[LookupSize];
        FillCodes(singles);
        for (var index = 0; index < LookupSize; index++)
        {
            own[index] = Skip(singles, index);
        }
    }

    private static ushort Skip(ReadOnlySpan<ushort> singles, int index)
    {
        var length = 0;
        var step = 0;
        while (length < LookupBits && step < EndOfBlock)
        {
            var single = singles[(index << length) & (LookupSize - 1)];
            var codeLength = single >> 8;
            var next = Step(single & 0xFF);

            // More than 63 values cannot be right: whoever meets such codes takes them one by one.
            if (codeLength == 0 || length + codeLength > LookupBits || (step > 0 && next < EndOfBlock && step + next > 63))
            {
                break;
            }

            length += codeLength + (single & 15);
            step += next;
        }

        Debug.Assert(length <= LookupBits + 15 && step < 255, "An entry holds at most 27 bits and 63 values and an end.");
        return (ushort)(length == 0 ? 255 << 8 : (step << 8) | length);
    }

    private void FillValues()
    {
        Span<ushort> codes = stackalloc ushort[LookupSize];
        FillCodes(codes);
        for (var index = 0; index < LookupSize; index++)
        {
            var (symbol, length) = (codes[index] & 0xFF, codes[index] >> 8);
            var fits = length > 0 && length + (symbol & 15) <= LookupBits;
            _values[index] = fits ? Entry(At(index), symbol, length) : NeedsMore;
        }
    }

    private static int Entry(ulong bits, int symbol, int length)
    {
        var size = symbol & 15;
        var extra = (int)(bits << length >> 1 >> (63 - size));
        return (length + size) | (Step(symbol) << 8) | (Extend(extra, size) << 16);
    }

    private static ulong At(int index) => (ulong)index << (64 - LookupBits);
}
