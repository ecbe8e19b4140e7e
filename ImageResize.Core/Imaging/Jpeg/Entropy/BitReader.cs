using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Jpeg.Entropy;

/// <summary>
/// Reads the bits of entropy-coded data from which <see cref="EntropyBytes"/> has removed stuffed bytes. After the end it reads zeros.
/// </summary>
internal ref struct BitReader
{
    /// <summary>
    /// Zero bytes after the data. The decoder of a scan's DC coefficients checks for the end once in 256 steps of at most 22 bits, and
    /// reads eight bytes at a time: 712 bytes.
    /// </summary>
    public const int Padding = 768;

    private readonly ReadOnlySpan<byte> _padded;

    /// <summary>
    /// The next bits from the top down. Those below <see cref="Count"/> are zero, or equal what the next refill sets again.
    /// </summary>
    public ulong Bits;

    public nuint Count;

    /// <summary>Of the next byte to be loaded.</summary>
    public nuint Position;

    /// <param name="padded">Ends in <see cref="Padding"/> zeros.</param>
    public BitReader(ReadOnlySpan<byte> padded)
    {
        Debug.Assert(padded.Length >= Padding && !padded[^Padding..].ContainsAnyExcept((byte)0), "Refills need the padding.");
        _padded = padded;
    }

    public readonly ReadOnlySpan<byte> Padded => _padded;

    /// <summary>Up to this position a refill reads data. After it there are only zeros.</summary>
    public readonly nuint Limit => (nuint)(_padded.Length - Padding + sizeof(ulong));

    /// <summary>More bits were taken than there are.</summary>
    public readonly bool IsPastEnd => BitsLeft < 0;

    /// <summary>Only the bits that fill up the last byte are left.</summary>
    public readonly bool IsAtEnd => BitsLeft is >= 0 and < 8;

    private readonly long BitsLeft => (8L * (_padded.Length - Padding)) - (8L * (long)Position) + (long)Count;

    /// <summary>Loads at least 56 bits: the longest symbol has 16 + 15 bits, and a lookup after it needs 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        Debug.Assert(Count < 64, "No more bits are taken than a refill loads.");
        if (Position <= Limit)
        {
            Bits |= Read(_padded, Position) >> (int)Count;
        }

        Position += (Count ^ 63) >> 3;
        Count |= 56;
    }

    /// <summary>As <see cref="Refill"/>, but false where the data has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRefill()
    {
        if (Position > Limit)
        {
            return false;
        }

        Bits |= Read(_padded, Position) >> (int)Count;
        Position += (Count ^ 63) >> 3;
        Count |= 56;
        return true;
    }

    /// <summary>
    /// Drops as many bits as the lowest six bits of an entry say. A shift by a larger number uses only its lowest six bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int entry)
    {
        Bits <<= entry;
        Count -= (nuint)entry & 63;
    }

    /// <summary>Undoes the last <see cref="Take"/>, by the same entry, and refills.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(nuint entry)
    {
        var bit = (8 * Position) - Count - (entry & 63);
        Position = bit >> 3;
        Bits = Read(_padded, Position) << (int)(bit & 7);
        Count = 56 - (bit & 7);
        Position += 7;
    }

    /// <summary>Eight bytes, the first one in the highest bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> padded, nuint position)
    {
        // Callers have compared the position with the limit, which is at least eight bytes before the end.
        Debug.Assert(position <= (nuint)(padded.Length - sizeof(ulong)), "Eight bytes are there.");
        var bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(padded), position));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bytes) : bytes;
    }
}
