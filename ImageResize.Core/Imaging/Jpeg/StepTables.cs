using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Lookups for <see cref="DcChain"/>, for each pair of a DC and an AC table two: one for where a block begins, with its DC code and as
/// many AC codes behind it as fit, and one for where it goes on.
/// </summary>
internal sealed unsafe class StepTables
{
    public const int Size = HuffmanTable.LookupSize;

    /// <summary>Bits that an entry passes over at most: a code in the lookup, and the ten extra bits of the largest value that 8-bit samples have.</summary>
    public const int MostBits = HuffmanTable.LookupBits + 10;

    /// <summary>The place behind DC, where that of a block that begins is 0.</summary>
    public const int FirstPlace = 1;

    /// <summary>The place behind the last coefficient.</summary>
    public const int Full = 64;

    /// <summary>
    /// Clear in a place where a block goes on (1 to 63) or came to its end before it was full (-128 to -65); set where it is full (64), ran
    /// over (65 to 126), was full before its end (-64 to -1), or met a code that is too long (65 to 127).
    /// </summary>
    public const int IsUnsound = 64;

    private const int EndOfBlock = -128;
    private const int TooLong = 64;
    private const int MaxPairs = 3;

    private readonly StepEntry[] _steps = GC.AllocateUninitializedArray<StepEntry>(2 * Size * MaxPairs, pinned: true);
    private readonly (HuffmanTable? Dc, int DcVersion, HuffmanTable? Ac, int AcVersion)[] _pairs = new (HuffmanTable?, int, HuffmanTable?, int)[MaxPairs];
    private readonly (HuffmanTable? Dc, int DcVersion, HuffmanTable? Ac, int AcVersion)[] _asked = new (HuffmanTable?, int, HuffmanTable?, int)[MaxPairs];
    private int _used;
    private uint _nextAsked;

    public void Clear() => _used = 0;

    /// <summary>Made, or asked for here before.</summary>
    public bool IsKnown(HuffmanTable dc, HuffmanTable ac)
    {
        var pair = (dc, dc.Version, ac, ac.Version);
        if (_pairs.AsSpan().Contains(pair) || _asked.AsSpan().Contains(pair))
        {
            return true;
        }

        _asked[_nextAsked++ % MaxPairs] = pair;
        return false;
    }

    /// <summary>The table for where a block of these begins; the one for where it goes on lies behind it. Most files' are there already.</summary>
    public StepEntry* Find(HuffmanTable dc, HuffmanTable ac)
    {
        var pair = (dc, dc.Version, ac, ac.Version);
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

        // Pinned: it stays where it is.
        return (StepEntry*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_steps)) + (2 * Size * index);
    }

    /// <summary>What an AC code's step is here.</summary>
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

    /// <summary>As many AC codes as fit behind the bits that are taken already.</summary>
    private static StepEntry Step(ReadOnlySpan<ushort> codes, int index, int length, int place)
    {
        var (step, isEnd) = (0, false);
        while (length < HuffmanTable.LookupBits && !isEnd)
        {
            var code = codes[(index << length) & (Size - 1)];
            var (codeLength, bits) = (code >> 8, (code >> 8) + (code & 15));
            isEnd = (code & 0xFF) == 0;
            var next = isEnd ? EndOfBlock : HuffmanTable.Step(code & 0xFF);

            // More than 63 values cannot be right: whoever meets such codes takes them one by one.
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
}
