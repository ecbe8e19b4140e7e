using System.Buffers.Binary;

namespace ImageResize.Tests.Imaging.Samples;

/// <summary>Changes the boxes of an AVIF.</summary>
internal static class TestAvif
{
    /// <summary>Says that the colours of the first item are multiplied by the alpha in the second, without changing them.</summary>
    public static byte[] Premultiplied(byte[] avif)
    {
        byte[] reference = [0, 0, 0, 14, .. "prem"u8, 0, 1, 0, 1, 0, 2];
        var references = avif.AsSpan().IndexOf("iref"u8) - 4;
        var end = references + (int)Read(avif, references);
        byte[] changed = [.. avif[..end], .. reference, .. avif[end..]];
        Add(changed, references, reference.Length);
        Add(changed, avif.AsSpan().IndexOf("meta"u8) - 4, reference.Length);
        MovePixels(changed, changed.AsSpan().IndexOf("iloc"u8) + 4, reference.Length);
        return changed;
    }

    /// <summary>Positions of pixels count from the start of the file (ISO/IEC 14496-12, 8.11.3).</summary>
    private static void MovePixels(byte[] avif, int at, int by)
    {
        var (version, offsetLength, lengthLength) = (avif[at], avif[at + 4] >> 4, avif[at + 4] & 15);
        var (baseLength, indexLength) = (avif[at + 5] >> 4, version == 1 ? avif[at + 5] & 15 : 0);
        Assert.Equal((4, 4), (offsetLength, lengthLength));
        int items = BinaryPrimitives.ReadUInt16BigEndian(avif.AsSpan(at + 6));
        for (at += 8; items > 0; items--)
        {
            at += 2 + (version == 1 ? 2 : 0) + 2 + baseLength;
            int extents = BinaryPrimitives.ReadUInt16BigEndian(avif.AsSpan(at));
            for (at += 2; extents > 0; extents--, at += indexLength + offsetLength + lengthLength)
            {
                Add(avif, at + indexLength, by);
            }
        }
    }

    private static uint Read(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    private static void Add(byte[] bytes, int at, int value) =>
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), (uint)(Read(bytes, at) + value));
}
