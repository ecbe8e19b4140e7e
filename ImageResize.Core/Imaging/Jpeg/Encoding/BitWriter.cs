using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Jpeg.Encoding;

/// <summary>Writes bits, and a stuffed zero after each byte 0xFF (ITU-T T.81, F.1.2.3).</summary>
/// <param name="target">Has room for all that is written.</param>
/// <param name="bits">Those that an earlier writer has left.</param>
internal ref struct BitWriter(Span<byte> target, ulong bits, int count)
{
    private readonly Span<byte> _target = target;

    /// <summary>The bits that are not written yet are the lowest <see cref="Count"/>, fewer than 32.</summary>
    public ulong Bits { get; private set; } = bits;

    public int Count { get; private set; } = count;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <param name="value">At most 32 bits.</param>
    public void Write(int value, int count)
    {
        Bits = (Bits << count) | (uint)value;
        Count += count;
        if (Count >= 32)
        {
            Count -= 32;
            var four = (uint)(Bits >> Count);
            if (HasNoStuffing(four))
            {
                BinaryPrimitives.WriteUInt32BigEndian(_target[Length..], four);
                Length += 4;
            }
            else
            {
                WriteBytes(four, 32);
            }
        }
    }

    /// <summary>Writes the whole bytes that are left.</summary>
    public void Flush()
    {
        var whole = Count & ~7;
        Count -= whole;
        WriteBytes((uint)(Bits >> Count), whole);
    }

    /// <summary>No byte is 0xFF: adding one to any of them carries into its highest bit, or leaves that bit unset.</summary>
    private static bool HasNoStuffing(uint four) => (four & 0x8080_8080 & ~(four + 0x0101_0101)) == 0;

    private void WriteBytes(uint value, int count)
    {
        for (count -= 8; count >= 0; count -= 8)
        {
            var next = (byte)(value >> count);
            _target[Length++] = next;
            if (next == 0xFF)
            {
                _target[Length++] = 0;
            }
        }
    }
}
