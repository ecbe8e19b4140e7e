using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Formats.WebP;

/// <summary>
/// Reads a WebP's size from its first bytes, and its orientation, which follows the pixels: a seekable stream skips those. libvips
/// would read the whole file, because libwebp parses complete files only.
/// </summary>
internal static class WebPHeader
{
    // "RIFF", size, "WEBP", then chunks: name, size, content. The start of the first chunk contains the size.
    private const int FirstChunkAt = 12;
    private const int ChunkHeaderLength = 8;
    private const int Length = FirstChunkAt + ChunkHeaderLength + 10;
    private const byte ExifFlag = 0x08;
    private const int LongestExif = 1_000_000;

    /// <summary>Frames and metadata. Half an hour at 25 frames a second has 45,000.</summary>
    public const int MaxChunks = 50_000;

    /// <returns>Null if the header is invalid.</returns>
    public static ImageHeader? FindSize(ReadOnlySpan<byte> start)
    {
        if (start.Length < Length)
        {
            return null;
        }

        var chunk = start[FirstChunkAt..];
        var content = chunk[ChunkHeaderLength..];
        if (chunk.StartsWith("VP8X"u8))
        {
            return Header(1 + Read24(content[4..]), 1 + Read24(content[7..]));
        }

        if (chunk.StartsWith("VP8L"u8) && content[0] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
            return Header(1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        // An image is a key frame. The upper two bits of each side are a scale for display, which decoders ignore.
        return chunk.StartsWith("VP8 "u8) && (content[0] & 1) == 0 && content[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            ? Header(
                BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & 0x3FFF)
            : null;
    }

    /// <returns>Null if the header is invalid.</returns>
    /// <exception cref="RefusedException">There are more chunks than an animation needs.</exception>
    public static ImageHeader? Find(ForwardReader reader)
    {
        Span<byte> start = stackalloc byte[Length];
        if (!reader.TryRead(start) || FindSize(start) is not { } header)
        {
            return null;
        }

        var isExtended = start[FirstChunkAt..].StartsWith("VP8X"u8);
        return isExtended && (start[FirstChunkAt + ChunkHeaderLength] & ExifFlag) != 0
            ? header with { Orientation = FindOrientation(reader) }
            : header;
    }

    private static int FindOrientation(ForwardReader reader)
    {
        Span<byte> chunk = stackalloc byte[ChunkHeaderLength];
        for (var chunks = 1; reader.TryRead(chunk); chunks++)
        {
            if (chunks > MaxChunks)
            {
                throw ImageRefusal.TooMany("chunks", MaxChunks);
            }

            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("EXIF"u8) && length <= LongestExif)
            {
                var exif = new byte[length];
                return reader.TryRead(exif) ? ExifBlock.FindOrientation(exif) ?? 1 : 1;
            }

            // Chunks are padded to an even length.
            if (!reader.TrySkip(length + (length % 2)))
            {
                return 1;
            }
        }

        return 1;
    }

    private static ImageHeader? Header(int width, int height) =>
        width > 0 && height > 0 ? new ImageHeader(width, height) : null;

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
