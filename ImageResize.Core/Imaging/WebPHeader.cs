using System.Buffers.Binary;

namespace ImageResize.Core.Imaging;

/// <summary>
/// A WebP's size from its first bytes. libvips would read the whole file first,
/// for libwebp only parses complete ones.
/// </summary>
internal sealed record WebPHeader(int Width, int Height, bool HasExif)
{
    private const int ExifFlag = 0x08;
    private const int FileHeaderLength = 12;
    private const int ChunkHeaderLength = 8;
    private const int LongestExif = 1_000_000;

    public ImageHeader Header => new(ImageFormat.WebP, Width, Height);

    /// <summary>The orientation stands behind the pixels: they are skipped, without reading them where the stream can seek.</summary>
    public ImageHeader HeaderWithOrientation(ForwardReader reader)
    {
        Span<byte> chunk = stackalloc byte[ChunkHeaderLength];
        var isOpen = HasExif && reader.TrySkip(FileHeaderLength);
        while (isOpen && reader.TryRead(chunk))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("EXIF"u8) && length <= LongestExif)
            {
                var exif = new byte[length];

                return reader.TryRead(exif) ? Header with { Orientation = ExifBlock.FindOrientation(exif) } : Header;
            }

            isOpen = reader.TrySkip(length + (length & 1L)); // chunks have even lengths
        }

        return Header;
    }

    /// <returns>Null when the bytes are no WebP header.</returns>
    public static WebPHeader? Find(ReadOnlySpan<byte> start)
    {
        if (start.Length < 30)
        {
            return null;
        }

        // "RIFF", size, "WEBP", then the first chunk: name, size, content.
        var content = start[20..];
        if (start[12..].StartsWith("VP8X"u8))
        {
            return new WebPHeader(1 + Read24(content[4..]), 1 + Read24(content[7..]), (content[0] & ExifFlag) != 0);
        }

        if (start[12..].StartsWith("VP8L"u8) && content[0] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
            return new WebPHeader(1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF), HasExif: false);
        }

        if (start[12..].StartsWith("VP8 "u8) && content[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
        {
            // The upper two bits of each side are a scale for display, which nobody applies.
            var width = BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & 0x3FFF;
            var height = BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & 0x3FFF;
            return width > 0 && height > 0 ? new WebPHeader(width, height, HasExif: false) : null;
        }

        return null;
    }

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
