using System.Numerics;

namespace ImageResize.Core.Imaging.Jpeg.Entropy;

/// <summary>A canonical Huffman code as a DHT segment defines it (ITU-T T.81, annex C), decoded bit length by bit length.</summary>
internal sealed class HuffmanCode
{
    /// <summary>Bits of an index in <see cref="Lookups"/>.</summary>
    public const int LookupBits = 10;

    private const int MaxLength = 16;
    private const int MaxSymbols = 256;

    private readonly byte[] _definition = new byte[MaxLength + MaxSymbols];
    private readonly byte[] _symbols = new byte[MaxSymbols];

    /// <summary>By code length: the first longer code, aligned to 16 bits.</summary>
    private readonly int[] _limits = new int[MaxLength + 1];

    /// <summary>By code length: the number to add to a code to get the index of its symbol.</summary>
    private readonly int[] _offsets = new int[MaxLength + 1];

    private readonly ushort[] _lookups = new ushort[1 << LookupBits];
    private int _lookupsVersion;
    private int _definitionLength;

    /// <summary>Changes whenever the code changes.</summary>
    public int Version { get; private set; }

    /// <summary>Length of the definition at the start of <paramref name="rest"/>, or 0 if it is incomplete or too long.</summary>
    public static int MeasureDefinition(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < MaxLength)
        {
            return 0;
        }

        var symbolCount = 0;
        foreach (var count in rest[..MaxLength])
        {
            symbolCount += count;
        }

        var length = MaxLength + symbolCount;
        return symbolCount > MaxSymbols || rest.Length < length ? 0 : length;
    }

    /// <summary>The symbols of a definition, shortest code first.</summary>
    public static ReadOnlySpan<byte> SymbolsOf(ReadOnlySpan<byte> definition) => definition[MaxLength..];

    public bool HasDefinition(ReadOnlySpan<byte> definition) => definition.SequenceEqual(_definition.AsSpan(0, _definitionLength));

    /// <summary>Takes a complete definition. False if it has more codes of a length than that length allows.</summary>
    public bool TryBuild(ReadOnlySpan<byte> definition)
    {
        _definitionLength = 0;
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

    /// <summary>
    /// Decodes the symbol at the top of <paramref name="bits"/>, of which 16 must be valid. Returns -1 if no code matches.
    /// </summary>
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

    /// <summary>As <see cref="FillCodes(Span{ushort})"/>, with the symbols that only progressive files have.</summary>
    public ReadOnlySpan<ushort> Lookups
    {
        get
        {
            if (_lookupsVersion != Version)
            {
                FillCodes(_lookups, isProgressive: true);
                _lookupsVersion = Version;
            }

            return _lookups;
        }
    }

    /// <summary>
    /// For each index, taken as the next bits: the symbol of the code at its top in bits 0 to 7 and the code's length above them, or 0 if
    /// the code is longer than the index or is not allowed in sequential files.
    /// </summary>
    public void FillCodes(Span<ushort> codes) => FillCodes(codes, isProgressive: false);

    private void FillCodes(Span<ushort> codes, bool isProgressive)
    {
        // Canonical codes are consecutive and sorted by length, so each code's range of indices follows that of the code before it.
        var (count, next) = (codes.Length, 0);
        for (var length = 1; length <= BitOperations.Log2((uint)count); length++)
        {
            var range = count >> length;
            for (var left = _definition[length - 1]; left > 0; left--, codes = codes[range..])
            {
                int symbol = _symbols[next++];
                codes[..range].Fill((ushort)(isProgressive || IsSequentialSymbol(symbol) ? (length << 8) | symbol : 0));
            }
        }

        codes.Clear();
    }

    /// <summary>
    /// False for a run without a value other than end of block and sixteen zeros: only progressive files have those (ITU-T T.81, G.1.2.2).
    /// </summary>
    public static bool IsSequentialSymbol(int symbol) => (symbol & 15) != 0 || symbol is 0x00 or 0xF0;
}
