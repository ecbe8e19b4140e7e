using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ImageResize.Core.Imaging.Jpeg.Entropy;

namespace ImageResize.Core.Imaging.Jpeg.DcOnly;

/// <summary>
/// Lookups for <see cref="BlockCursor"/>. Each pair of a DC and an AC table has two: one for the start of a block, with its DC code and as
/// many AC codes as fit after it, and one for the rest of the block.
/// </summary>
internal sealed unsafe class StepTables
{
    public const int Size = HuffmanTable.LookupSize;

    /// <summary>
    /// The most bits that an entry skips: a code in the lookup, and the ten value bits of the largest AC value of 8-bit samples.
    /// </summary>
    public const int MostBits = HuffmanTable.LookupBits + 10;

    /// <summary>The position after the DC coefficient. At the start of a block it is 0.</summary>
    public const int FirstPlace = 1;

    /// <summary>The position after the last coefficient.</summary>
    public const int Full = 64;

    /// <summary>
    /// Clear in a position inside a block (1 to 63) and after an end-of-block code (-128 to -65). Set if the block is full (64), overran
    /// (65 to 126), was full before its end-of-block code (-64 to -1), or has a code that is too long (65 to 127).
    /// </summary>
    public const int IsUnsound = 64;

    private const int EndOfBlock = -128;
    private const int TooLong = 64;
    private const int MaxPairs = 3;

    private readonly StepEntry[] _steps = GC.AllocateUninitializedArray<StepEntry>(2 * Size * MaxPairs, pinned: true);
    private readonly TablePair[] _pairs = new TablePair[MaxPairs];
    private readonly TablePair[] _asked = new TablePair[MaxPairs];
    private int _used;
    private uint _nextAsked;

    public void Clear() => _used = 0;

    /// <summary>Whether the tables exist, or were asked for before.</summary>
    public bool IsKnown(HuffmanTable dc, HuffmanTable ac)
    {
        var pair = new TablePair(dc, dc.Version, ac, ac.Version);
        if (_pairs.AsSpan().Contains(pair) || _asked.AsSpan().Contains(pair))
        {
            return true;
        }

        _asked[_nextAsked++ % MaxPairs] = pair;
        return false;
    }

    /// <summary>
    /// The table for the start of a block with these tables. The one for the rest of the block follows it. Most files use the same tables.
    /// </summary>
    public StepEntry* Find(HuffmanTable dc, HuffmanTable ac)
    {
        var pair = new TablePair(dc, dc.Version, ac, ac.Version);
        var index = 0;
        while (index < _used && _pairs[index] != pair)
        {
            index++;
        }

        if (index == _used)
        {
            _used++;
            if (_pairs[index] != pair)
            {
                _pairs[index] = pair;
                Fill(_steps.AsSpan(2 * Size * index), dc, ac);
            }
        }

        // The array is pinned.
        return (StepEntry*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_steps)) + (2 * Size * index);
    }

    /// <summary>The step of an AC code, as these tables count it.</summary>
    public static int StepOf(int step) => step == HuffmanTable.EndOfBlock ? EndOfBlock : step;

    private static void Fill(Span<StepEntry> steps, HuffmanTable dc, HuffmanTable ac)
    {
        Span<ushort> first = stackalloc ushort[Size];
        Span<ushort> codes = stackalloc ushort[Size];
        dc.FillCodes(first);
        ac.FillCodes(codes);
        for (var index = 0; index < Size; index++)
        {
            var length = (first[index] >> 8) + (first[index] & 0xFF);
            steps[index] = length is > 0 and <= MostBits ? Step(codes, index, length, FirstPlace) : new StepEntry(0, FirstPlace + TooLong);
            steps[Size + index] = Step(codes, index, 0, 0);
        }
    }

    /// <summary>Skips as many AC codes as fit after the bits that are already taken.</summary>
    private static StepEntry Step(ReadOnlySpan<ushort> codes, int index, int length, int place)
    {
        var (step, isEnd) = (0, false);
        while (length < HuffmanTable.LookupBits && !isEnd)
        {
            var code = codes[(index << length) & (Size - 1)];
            var (codeLength, bits) = (code >> 8, (code >> 8) + (code & 15));
            isEnd = (code & 0xFF) == 0;
            var next = isEnd ? EndOfBlock : HuffmanTable.Step(code & 0xFF);

            // More than 63 values cannot be valid. The cursor takes such codes one at a time and finds the error.
            if (codeLength == 0 || length + codeLength > HuffmanTable.LookupBits || length + bits > MostBits || step + next > 63)
            {
                break;
            }

            length += bits;
            step += next;
        }

        Debug.Assert(length <= MostBits && place + step is >= -128 and <= 64, "An entry holds no more than 22 bits and a block.");
        return length == 0 ? new StepEntry(0, TooLong) : new StepEntry((byte)length, (sbyte)(place + step));
    }

    private readonly record struct TablePair(HuffmanTable? Dc, int DcVersion, HuffmanTable? Ac, int AcVersion);
}
