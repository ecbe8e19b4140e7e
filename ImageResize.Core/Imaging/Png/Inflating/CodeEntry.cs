namespace ImageResize.Core.Imaging.Png.Inflating;

/// <summary>
/// An entry of a <see cref="CodeTable"/>. Its lowest six bits are the bits to consume. Then follow two bits with the number of literals,
/// and the literals; or, without literals: four bits with the length of the code before its extra bits, flags, and 16 bits with the base of
/// a length or distance.
/// </summary>
internal static class CodeEntry
{
    public const uint BitsMask = 63;
    public const int CountShift = 6;
    public const uint CountMask = 3 << CountShift;
    public const int LiteralShift = 8;
    public const int CodeShift = 8;
    public const uint CodeMask = 15;
    public const int BaseShift = 16;

    public const uint EndOfBlock = 1 << 12;

    /// <summary>The code is longer than the index of the table: the base is the start of another table.</summary>
    public const uint Subtable = 1 << 13;

    public const uint Invalid = 1 << 14;

    private static readonly uint[] LengthsAndLiterals = MakeLengthsAndLiterals();
    private static readonly uint[] Distances = MakeDistances();

    /// <summary>By symbol, without the length of its code (RFC 1951, 3.2.5).</summary>
    public static ReadOnlySpan<uint> OfLengthsAndLiterals => LengthsAndLiterals;

    public static ReadOnlySpan<uint> OfDistances => Distances;

    /// <param name="symbol">An entry without its code's length.</param>
    public static uint WithLength(uint symbol, int length) =>
        (symbol & CountMask) != 0 ? symbol + (uint)length : symbol + (uint)length + ((uint)length << CodeShift);

    private static uint[] MakeLengthsAndLiterals()
    {
        var entries = new uint[288];
        for (var literal = 0; literal < 256; literal++)
        {
            entries[literal] = (1 << CountShift) | ((uint)literal << LiteralShift);
        }

        entries[256] = EndOfBlock;
        var (start, symbol) = (3, 257);
        for (; symbol < 285; symbol++)
        {
            var extra = Math.Max(0, ((symbol - 257) >> 2) - 1);
            entries[symbol] = ((uint)start << BaseShift) | (uint)extra;
            start += 1 << extra;
        }

        entries[285] = 258 << BaseShift;
        entries[286] = entries[287] = Invalid;
        return entries;
    }

    private static uint[] MakeDistances()
    {
        var entries = new uint[32];
        var start = 1;
        for (var symbol = 0; symbol < 30; symbol++)
        {
            var extra = Math.Max(0, (symbol >> 1) - 1);
            entries[symbol] = ((uint)start << BaseShift) | (uint)extra;
            start += 1 << extra;
        }

        entries[30] = entries[31] = Invalid;
        return entries;
    }
}
