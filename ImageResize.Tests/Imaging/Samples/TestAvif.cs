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

    /// <summary>
    /// Changes the code points in the AV1 data. libvips writes those of sRGB there, and no "nclx" unless the image is lossless.
    /// </summary>
    public static byte[] WithCodesInData(byte[] avif, int primaries, int transfer)
    {
        byte[] codes = [1, 13, 6];
        Assert.Equal(-1, avif.AsSpan().IndexOf("colr"u8));
        var found = 0;
        for (var bit = 0; bit <= (avif.Length - codes.Length) * 8; bit++)
        {
            if (Enumerable.Range(0, codes.Length).All(i => ReadByte(avif, bit + (8 * i)) == codes[i]))
            {
                WriteByte(avif, bit, (byte)primaries);
                WriteByte(avif, bit + 8, (byte)transfer);
                found++;
            }
        }

        Assert.Equal(1, found);
        return avif;
    }

    private static byte ReadByte(byte[] bytes, int bit) =>
        (byte)(((bytes[bit / 8] << 8 | (bit % 8 == 0 ? 0 : bytes[(bit / 8) + 1])) >> (8 - (bit % 8))) & 0xFF);

    private static void WriteByte(byte[] bytes, int bit, byte value)
    {
        for (var i = 0; i < 8; i++, bit++)
        {
            var mask = (byte)(0x80 >> (bit % 8));
            bytes[bit / 8] = (byte)((value & (0x80 >> i)) != 0 ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
        }
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
