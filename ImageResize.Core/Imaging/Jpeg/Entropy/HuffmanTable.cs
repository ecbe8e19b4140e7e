using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ImageResize.Core.Imaging.Jpeg.Entropy;

/// <summary>
/// One Huffman table of a file with its lookup tables, which are made on first use. Defining the same table again only costs a
/// comparison: most encoders write the same tables into every file.
/// </summary>
/// <param name="lookups">Shared by all tables. This table's lookups begin at <paramref name="start"/>.</param>
internal sealed class HuffmanTable(ushort[] lookups, int start, bool isAc)
{
    /// <summary>Bits per lookup. 13 is no faster (the tables then fill the first-level cache), 11 is slower.</summary>
    public const int LookupBits = 12;

    /// <summary>Bits per lookup of DC codes. Encoders write none longer than 9, or 11 for chroma.</summary>
    public const int DcLookupBits = 10;

    public const int LookupSize = 1 << LookupBits;

    /// <summary>The step of an end-of-block code. Larger than any sum of runs, so that the sum shows it.</summary>
    public const int EndOfBlock = 128;

    /// <summary>In an entry of <see cref="Values"/>: code and value do not fit in the lookup.</summary>
    public const int NeedsMore = 0x80;

    /// <summary>In <see cref="Differences"/>: code and value do not fit in the lookup.</summary>
    public const short DoesNotFit = short.MinValue;

    private const int BlockSize = 64;

    /// <summary>Bits of the largest difference between two DC values of 8-bit samples (ITU-T T.81, table F.1).</summary>
    private const int MaxDcSymbol = 11;

    private readonly HuffmanCode _code = new();
    private readonly short[] _differences = new short[isAc ? 0 : LookupSize];
    private readonly int[] _values = new int[isAc ? LookupSize : 0];
    private bool _hasLookups;
    private bool _hasValues;
    private bool _hasDifferences;

    /// <summary>Whether the current file has defined this table.</summary>
    public bool IsDefined { get; set; }

    public int Start => start;

    public HuffmanCode Code => _code;

    /// <summary>Changes whenever the definition changes.</summary>
    public int Version => _code.Version;

    /// <summary>
    /// AC: as many symbols as fit. Bits 0 to 5 are the length of their codes and values, bits 8 to 15 the step in the block; a code that
    /// does not fit has length 0 and step 255. DC: one symbol. Bits 0 to 5 are the same length, bits 8 to 15 the number of value bits; 0 if
    /// it does not fit.
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
    /// One AC symbol: bits 0 to 5 are the length of its code and value, bits 8 to 15 the step in the block, bits 16 to 31 the value.
    /// <see cref="NeedsMore"/> if it does not fit.
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

    /// <summary>DC: the difference that code and value bits represent.</summary>
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

    /// <summary>
    /// Whether a position after an AC code is a valid end of a block: the last coefficient was set, or end of block came earlier.
    /// </summary>
    public static bool IsBlockEnd(int position) => position == BlockSize || (uint)(position - EndOfBlock - 1) < BlockSize - 1;

    /// <summary>Positions in the block that an AC symbol advances by.</summary>
    public static int Step(int symbol) => symbol switch
    {
        0x00 => EndOfBlock,
        0xF0 => 16,
        _ => (symbol >> 4) + 1,
    };

    /// <summary>Reads a table from a DHT segment, after the byte with its number. False if the table is not valid.</summary>
    public bool TryDefine(ReadOnlySpan<byte> rest, out int length)
    {
        length = HuffmanCode.MeasureDefinition(rest);
        if (length == 0)
        {
            return false;
        }

        var definition = rest[..length];
        var hasValidSymbols = isAc || !HuffmanCode.SymbolsOf(definition).ContainsAnyExceptInRange((byte)0, (byte)MaxDcSymbol);
        IsDefined = hasValidSymbols && (_code.HasDefinition(definition) || TryRedefine(definition));
        return IsDefined;
    }

    /// <summary>An entry of <see cref="Values"/> without a lookup, at most 31 bits long. 0 if no code matches.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int DecodeLong(ulong bits)
    {
        var symbol = _code.Decode(bits, out var length);
        return symbol >= 0 && HuffmanCode.IsSequentialSymbol(symbol) ? Entry(bits, symbol, length) : 0;
    }

    /// <inheritdoc cref="HuffmanCode.FillCodes" />
    public void FillCodes(Span<ushort> codes) => _code.FillCodes(codes);

    private bool TryRedefine(ReadOnlySpan<byte> definition)
    {
        _hasLookups = _hasValues = _hasDifferences = false;
        return _code.TryBuild(definition);
    }

    private void FillLookups()
    {
        if (isAc)
        {
            FillSkips(lookups.AsSpan(start, LookupSize));
        }
        else
        {
            FillDc(lookups.AsSpan(start, 1 << DcLookupBits));
        }
    }

    private void FillDc(Span<ushort> own)
    {
        _code.FillCodes(own);
        foreach (ref var entry in own)
        {
            var size = entry & 0xFF;
            entry = (ushort)(entry == 0 ? 0 : (size << 8) | ((entry >> 8) + size));
        }
    }

    private void FillDifferences()
    {
        Span<ushort> codes = stackalloc ushort[LookupSize];
        _code.FillCodes(codes);
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
        _code.FillCodes(singles);
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

            // More than 63 values cannot be valid. The reader takes such codes one at a time and finds the error.
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
        _code.FillCodes(codes);
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

    /// <summary>The value that the bits after a code represent (ITU-T T.81, figure F.12).</summary>
    private static int Extend(int extra, int size) => size > 0 && extra < 1 << (size - 1) ? extra - (1 << size) + 1 : extra;

    private static ulong At(int index) => (ulong)index << (64 - LookupBits);
}
