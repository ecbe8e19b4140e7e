using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Png.Inflating;

/// <summary>
/// Where a deflate stream is read: the bits that are in the register, and the next byte of a buffer. Zeros follow the data, so that no
/// read needs a check; what was read beyond the end is found afterwards.
/// </summary>
internal ref struct BitSource(ReadOnlySpan<byte> data, ulong bits, int count, int at)
{
    private readonly ref byte _data = ref MemoryMarshal.GetReference(data);

    public ulong Bits = bits;
    public int Count = count;
    public int At = at;

    /// <summary>Bytes of which at least a bit is used.</summary>
    public readonly int Used => At - (Count >> 3);

    /// <summary>Makes at least 56 bits available. Reads eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        Bits |= Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _data, At)) << Count;
        At += (63 - Count) >> 3;
        Count |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(uint entry)
    {
        Bits >>= (int)entry;
        Count -= (int)(entry & CodeEntry.BitsMask);
    }

    public int Take(int length)
    {
        var value = (int)(Bits & ((1ul << length) - 1));
        Bits >>= length;
        Count -= length;
        return value;
    }
}
