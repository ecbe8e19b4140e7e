using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Formats.Png;

/// <summary>Reads a PNG's size and orientation from the chunks before its pixels. libpng would unpack every text among them.</summary>
internal static class PngHeader
{
    private const int ChunkHeaderLength = 8;
    private const int ChecksumLength = 4;
    private const int HeaderChunkLength = 13;
    private const int LongestExif = 1_000_000;

    /// <summary>Of "acTL": the number of frames, and how often they are shown (PNG, third edition, 11.3.6.1).</summary>
    private const int AnimationLength = 8;

    /// <summary>As many as libpng keeps (PNG_USER_CHUNK_CACHE_MAX).</summary>
    public const int MaxChunks = 1_000;

    /// <summary>Whether Xcode changed the file for iPhones, so that no PNG decoder reads it.</summary>
    public static bool IsAppleVariant(ReadOnlySpan<byte> start) => start.Length >= 16 && start[12..].StartsWith("CgBI"u8);

    /// <returns>Null if the file is invalid before its pixels begin.</returns>
    /// <exception cref="RefusedException">More chunks than an image needs are before the pixels.</exception>
    public static ImageHeader? Find(ForwardReader reader)
    {
        Span<byte> start = stackalloc byte[8 + ChunkHeaderLength + HeaderChunkLength + ChecksumLength];
        if (!reader.TryRead(start) || FindSize(start[8..]) is not { } header)
        {
            return null;
        }

        Span<byte> chunk = stackalloc byte[ChunkHeaderLength];
        for (var chunks = 1; reader.TryRead(chunk) && BinaryPrimitives.ReadInt32BigEndian(chunk) is >= 0 and var length; chunks++)
        {
            var name = chunk[4..];
            if (name.SequenceEqual("IDAT"u8))
            {
                return header;
            }

            if (chunks > MaxChunks)
            {
                throw ImageRefusal.TooMany("chunks before its pixels", MaxChunks);
            }

            if ((name.SequenceEqual("eXIf"u8) && length <= LongestExif) || (name.SequenceEqual("acTL"u8) && length == AnimationLength))
            {
                var content = new byte[length];
                if (!reader.TryRead(content))
                {
                    return null;
                }

                header = name[0] == (byte)'e'
                    ? header with { Orientation = ExifBlock.FindOrientation(content) ?? 1 }
                    : header with { HasUnreadAnimation = BinaryPrimitives.ReadUInt32BigEndian(content) > 1 };
                length = 0;
            }

            if (!reader.TrySkip((long)length + ChecksumLength))
            {
                return null;
            }
        }

        return null;
    }

    private static ImageHeader? FindSize(ReadOnlySpan<byte> chunk)
    {
        var named = chunk.Slice(4, 4 + HeaderChunkLength);
        var content = named[4..];
        var checksum = BinaryPrimitives.ReadUInt32BigEndian(chunk[^ChecksumLength..]);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]));

        return BinaryPrimitives.ReadInt32BigEndian(chunk) == HeaderChunkLength
            && named.StartsWith("IHDR"u8)
            && Checksum(named) == checksum
            && width > 0
            && height > 0
            && IsKind(content[8], content[9])
            && content[10] == 0
            && content[11] == 0
            && content[12] <= 1
            ? new ImageHeader(width, height)
            : null;
    }

    private static bool IsKind(byte bits, byte colours) => colours switch
    {
        0 => bits is 1 or 2 or 4 or 8 or 16,
        3 => bits is 1 or 2 or 4 or 8,
        2 or 4 or 6 => bits is 8 or 16,
        _ => false,
    };

    // CRC-32 bit by bit: 17 bytes for each image need no table.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var rest = uint.MaxValue;
        foreach (var value in bytes)
        {
            rest ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                rest = (rest >> 1) ^ ((rest & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~rest;
    }
}
