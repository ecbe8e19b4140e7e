using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageResize.Tests.Support;

/// <summary>Writes PNG files by chunks, for example headers without pixels and texts with a high compression ratio.</summary>
internal static class TestPng
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A valid header without pixels.</summary>
    public static byte[] HeaderOnly(int width, int height) => [.. Signature, .. Header(width, height), .. Chunk("IDAT", [])];

    /// <summary>Inserts chunks between the header and the pixels of a PNG.</summary>
    public static byte[] With(byte[] png, params byte[][] chunks)
    {
        var headerEnd = Signature.Length + 12 + 13;
        return [.. png[..headerEnd], .. chunks.SelectMany(chunk => chunk), .. png[headerEnd..]];
    }

    /// <summary>A compressed text of this length.</summary>
    public static byte[] Text(int unpacked)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            zlib.Write(new byte[unpacked]);
        }

        return Chunk("zTXt", [.. "Comment\0\0"u8, .. packed.ToArray()]);
    }

    public static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(name), .. content];
        return [.. Big(content.Length), .. named, .. Big(unchecked((int)Checksum(named)))];
    }

    private static byte[] Header(int width, int height) =>
        Chunk("IHDR", [.. Big(width), .. Big(height), 8, 0, 0, 0, 0]);

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static uint Checksum(byte[] bytes)
    {
        var rest = uint.MaxValue;
        foreach (var value in bytes)
        {
            rest ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                rest = (rest >> 1) ^ ((rest & 1) * 0xEDB88320);
            }
        }

        return ~rest;
    }
}
