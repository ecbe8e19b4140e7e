using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Reads the bits of entropy-coded data up to the next marker, and zeros after it, which it counts as <see cref="Padding"/>.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> data, int position)
{
    /// <summary>What <see cref="Refill"/> guarantees: enough for the longest symbol, 16 + 15 bits, and a lookup of 12 after it.</summary>
    public const int BitsAfterRefill = 56;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>The next bits from the top down. Those below <see cref="Count"/> are zero, or what the next refill brings again.</summary>
    public ulong Bits;

    public int Count;

    public int Padding;

    public int Position = position;

    /// <summary>More was read than there is before the marker.</summary>
    public readonly bool IsPastEnd => Count < Padding;

    /// <summary>Only the bits that fill up the last byte are left, and a marker follows.</summary>
    public readonly bool IsAtEnd =>
        (uint)(Count - Padding) < 8 && Position < _data.Length && _data[Position] == 0xFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        Debug.Assert(Count is >= 0 and < 64 && Position >= 0, "No more bits are taken than a refill brings.");
        if (Position <= _data.Length - sizeof(ulong))
        {
            // Position is never negative, so the 8 bytes from it are inside the span by the comparison above.
            var window = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_data), (nint)(uint)Position));
            window = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(window) : window;

            if (!HasMarkerByte(window))
            {
                Bits |= window >> Count;
                Position += (63 - Count) >> 3;
                Count |= BitsAfterRefill;
                return;
            }
        }

        this = RefillByteByByte(this);
    }

    /// <summary>Drops as many bits as the lowest six bits of an entry say: the processor looks at no others when it shifts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int entry)
    {
        Bits <<= entry;
        Count -= entry & 63;
    }

    /// <summary>True when a byte of the window is 0xFF: a stuffed byte, or a marker.</summary>
    private static bool HasMarkerByte(ulong window) =>
        ((~window - 0x0101_0101_0101_0101) & window & 0x8080_8080_8080_8080) != 0;

    /// <summary>By value and back, so that the fields of the reader in the hot loop can stay in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static BitReader RefillByteByByte(BitReader reader)
    {
        while (reader.Count < BitsAfterRefill)
        {
            var next = reader.NextByte();
            reader.Bits |= (ulong)next << (BitsAfterRefill - reader.Count);
            reader.Count += 8;
        }

        return reader;
    }

    private byte NextByte()
    {
        if (Position < _data.Length && _data[Position] != 0xFF)
        {
            return _data[Position++];
        }

        if (Position < _data.Length - 1 && _data[Position + 1] == 0)
        {
            Position += 2;
            return 0xFF;
        }

        Padding += 8;
        return 0;
    }
}
