namespace ImageResize.Core.Imaging.Png.Inflating;

/// <summary>The codes of a block: those of its header, or the fixed ones (RFC 1951, 3.2.6 and 3.2.7).</summary>
internal sealed class BlockCodes
{
    /// <summary>8 kB, of which a photo's literals use all. With more, the table takes longer to build than it saves.</summary>
    public const int LiteralBits = 11;

    public const int DistanceBits = 8;

    private const int LengthBits = 7;
    private const int MaxLiterals = 286;
    private const int MaxDistances = 30;

    private static readonly uint[] LengthSymbols = MakeLengthSymbols();
    private static readonly byte[] FixedLiterals = MakeFixedLiterals();
    private static readonly byte[] FixedDistances = [.. Enumerable.Repeat((byte)5, 32)];

    private readonly CodeTable _lengths = new(LengthBits, 19);
    private bool _isFixed;

    private static ReadOnlySpan<byte> LengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    public CodeTable Literals { get; } = new(LiteralBits, 288);

    public CodeTable Distances { get; } = new(DistanceBits, 32);

    public void UseFixed()
    {
        if (!_isFixed)
        {
            Literals.TryBuild(FixedLiterals, CodeEntry.OfLengthsAndLiterals, isDistance: false);
            Literals.JoinLiterals();
            Distances.TryBuild(FixedDistances, CodeEntry.OfDistances, isDistance: true);
        }

        _isFixed = true;
    }

    /// <summary>Reads the header of a block after its first three bits.</summary>
    public bool TryRead(ref BitSource source)
    {
        _isFixed = false;
        var (literals, distances, codes) = (source.Take(5) + 257, source.Take(5) + 1, source.Take(4) + 4);
        if (literals > MaxLiterals || distances > MaxDistances)
        {
            return false;
        }

        Span<byte> lengths = stackalloc byte[19];
        lengths.Clear();
        for (var index = 0; index < codes; index++)
        {
            source.Refill();
            lengths[LengthOrder[index]] = (byte)source.Take(3);
        }

        Span<byte> all = stackalloc byte[MaxLiterals + MaxDistances];
        all = all[..(literals + distances)];
        if (!_lengths.TryBuild(lengths, LengthSymbols, isDistance: false)
            || !TryReadLengths(ref source, all)
            || all[256] == 0
            || !Literals.TryBuild(all[..literals], CodeEntry.OfLengthsAndLiterals, isDistance: false)
            || !Distances.TryBuild(all[literals..], CodeEntry.OfDistances, isDistance: true))
        {
            return false;
        }

        Literals.JoinLiterals();
        return true;
    }

    private bool TryReadLengths(ref BitSource source, scoped Span<byte> all)
    {
        for (var done = 0; done < all.Length;)
        {
            source.Refill();
            var entry = _lengths.Entries[(int)(source.Bits & ((1 << LengthBits) - 1))];
            source.Skip(entry & CodeEntry.BitsMask);
            var symbol = (int)(entry >> CodeEntry.BaseShift);
            if (symbol < 16)
            {
                all[done++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && done == 0)
            {
                return false;
            }

            var (value, times) = symbol switch
            {
                16 => (all[done - 1], 3 + source.Take(2)),
                17 => ((byte)0, 3 + source.Take(3)),
                _ => ((byte)0, 11 + source.Take(7)),
            };
            if (times > all.Length - done)
            {
                return false;
            }

            all.Slice(done, times).Fill(value);
            done += times;
        }

        return true;
    }

    private static uint[] MakeLengthSymbols() => [.. Enumerable.Range(0, 19).Select(symbol => (uint)symbol << CodeEntry.BaseShift)];

    private static byte[] MakeFixedLiterals() =>
        [.. Enumerable.Range(0, 288).Select(symbol => (byte)(symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))];
}
