using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Lookups for <see cref="DcChain"/>, for each pair of a DC and an AC table two: one for where a block begins, with its DC code and as
/// many AC codes behind it as fit, and one for where it goes on. An entry's bits 0 to 5 are the length, the others what it adds to the place.
/// </summary>
internal sealed unsafe class StepTables
{
    public const int Size = HuffmanTable.LookupSize;
    public const int StepShift = 6;

    /// <summary>The place of the first coefficient behind DC; -1 is behind the last one.</summary>
    public const int FirstPlace = -64;

    /// <summary>
    /// Set in a place where a block goes on (-64 to -2), is full (-1), or came to its end before that (193 to 255); clear where it ran over
    /// (0 to 61), was full before its end (256 to 318), or met a code that is too long (from 256).
    /// </summary>
    public const int IsSound = 128;

    private const int EndOfBlock = 257;
    private const int TooLong = 320;
    private const int MaxPairs = 3;

    private readonly short[] _steps = GC.AllocateUninitializedArray<short>(2 * Size * MaxPairs, pinned: true);
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
    public short* Find(HuffmanTable dc, HuffmanTable ac)
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
        return (short*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_steps)) + (2 * Size * index);
    }

    /// <summary>What an AC code's step is here.</summary>
    public static int StepOf(int step) => step == HuffmanTable.EndOfBlock ? EndOfBlock : step;

    private static void Fill(Span<short> steps, HuffmanTable dc, HuffmanTable ac)
    {
        Span<ushort> first = stackalloc ushort[Size];
        Span<ushort> codes = stackalloc ushort[Size];
        dc.FillCodes(first);
        ac.FillCodes(codes);
        for (var index = 0; index < Size; index++)
        {
            var length = (first[index] >> 8) + (first[index] & 0xFF);
            steps[index] = length > 0 ? Step(codes, index, length, FirstPlace) : (short)(TooLong << StepShift);
            steps[Size + index] = Step(codes, index, 0, 0);
        }
    }

    /// <summary>As many AC codes as fit behind the bits that are taken already.</summary>
    private static short Step(ReadOnlySpan<ushort> codes, int index, int length, int start)
    {
        var step = 0;
        while (length < HuffmanTable.LookupBits && step < EndOfBlock)
        {
            var code = codes[(index << length) & (Size - 1)];
            var codeLength = code >> 8;
            var next = StepOf(HuffmanTable.Step(code & 0xFF));

            // More than 63 values cannot be right: whoever meets such codes takes them one by one.
            if (codeLength == 0 || length + codeLength > HuffmanTable.LookupBits || (step > 0 && next < EndOfBlock && step + next > 63))
            {
                break;
            }

            length += codeLength + (code & 15);
            step += next;
        }

        Debug.Assert(length <= HuffmanTable.LookupBits + 15 && step <= 63 + EndOfBlock, "An entry holds at most 27 bits and 63 values and an end.");
        return (short)(length == 0 ? TooLong << StepShift : ((start + step) << StepShift) | length);
    }
}
