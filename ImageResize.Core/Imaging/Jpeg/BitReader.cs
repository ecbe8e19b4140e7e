using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Reads the bits of entropy-coded data that <see cref="EntropyBytes"/> has freed of its stuffed bytes; after its end, zeros.</summary>
internal ref struct BitReader
{
    /// <summary>Zero bytes that stand behind the data: more than <see cref="DcWalk.MaxSteps"/> go over, of 22 bits at most, and eight to look at.</summary>
    public const int Padding = 768;

    private readonly ReadOnlySpan<byte> _padded;

    /// <summary>The next bits from the top down. Those below <see cref="Count"/> are zero, or what the next refill brings again.</summary>
    public ulong Bits;

    public nuint Count;

    /// <summary>Of the next byte to be taken over.</summary>
    public nuint Position;

    /// <param name="padded">Ends in <see cref="Padding"/> zeros.</param>
    public BitReader(ReadOnlySpan<byte> padded)
    {
        Debug.Assert(padded.Length >= Padding && !padded[^Padding..].ContainsAnyExcept((byte)0), "Refills need the padding.");
        _padded = padded;
    }

    public readonly ReadOnlySpan<byte> Padded => _padded;

    /// <summary>Up to this position a refill reads data; behind it nothing is left but zeros.</summary>
    public readonly nuint Limit => (nuint)(_padded.Length - Padding + sizeof(ulong));

    /// <summary>More was read than there is.</summary>
    public readonly bool IsPastEnd => BitsLeft < 0;

    /// <summary>Only the bits that fill up the last byte are left.</summary>
    public readonly bool IsAtEnd => BitsLeft is >= 0 and < 8;

    private readonly long BitsLeft => (8L * (_padded.Length - Padding)) - (8L * (long)Position) + (long)Count;

    /// <summary>Brings at least 56 bits: the longest symbol, 16 + 15 bits, and a lookup of 12 after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        Debug.Assert(Count < 64, "No more bits are taken than a refill brings.");
        if (Position <= Limit)
        {
            Bits |= Read(_padded, Position) >> (int)Count;
        }

        Position += (Count ^ 63) >> 3;
        Count |= 56;
    }

    /// <summary>Drops as many bits as the lowest six bits of an entry say: the processor looks at no others when it shifts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int entry)
    {
        Bits <<= entry;
        Count -= (nuint)entry & 63;
    }

    /// <summary>Eight bytes, the first one at the top.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> padded, nuint position)
    {
        // Whoever calls has compared the position with the limit, which is eight bytes before the end.
        Debug.Assert(position <= (nuint)(padded.Length - sizeof(ulong)), "Eight bytes are there.");
        var bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(padded), position));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bytes) : bytes;
    }
}
