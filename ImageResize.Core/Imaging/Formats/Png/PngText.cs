using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Png;

/// <summary>
/// Removes the texts from a PNG before libpng reads it. libpng unpacks up to a thousand texts of up to 8 MB each from a few kilobytes, and
/// no thumbnail needs them. An XMP packet that is not compressed stays.
/// </summary>
internal static class PngText
{
    private const int ChunkOverhead = 12;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <returns>The same bytes if there is nothing to remove or they are not a PNG, else a copy.</returns>
    /// <exception cref="RefusedException">There are more texts than an image needs.</exception>
    public static ReadOnlyMemory<byte> Remove(ReadOnlyMemory<byte> png)
    {
        if (!png.Span.StartsWith(Signature))
        {
            return png;
        }

        var kept = new List<Range>();
        var (keptFrom, at) = (0, Signature.Length);
        while (FindLength(png.Span, at) is { } length)
        {
            // A file with a text before its header is not a PNG, and removing the text must not make it one.
            if (at > Signature.Length && IsText(png.Span.Slice(at, length)))
            {
                kept.Add(keptFrom..at);
                keptFrom = at + length;
                if (kept.Count > PngHeader.MaxChunks)
                {
                    throw ImageRefusal.TooMany("texts", PngHeader.MaxChunks);
                }
            }

            at += length;
        }

        if (kept.Count == 0)
        {
            return png;
        }

        kept.Add(keptFrom..png.Length);
        using var copy = new MemoryStream(png.Length);
        kept.ForEach(range => copy.Write(png.Span[range]));

        return copy.ToArray();
    }

    private static int? FindLength(ReadOnlySpan<byte> png, int at) =>
        at + ChunkOverhead <= png.Length
        && BinaryPrimitives.ReadInt32BigEndian(png[at..]) is >= 0 and var content
        && content <= png.Length - at - ChunkOverhead
            ? content + ChunkOverhead
            : null;

    private static bool IsText(ReadOnlySpan<byte> chunk)
    {
        var name = chunk[4..];
        return name.StartsWith("tEXt"u8) || name.StartsWith("zTXt"u8)
            || (name.StartsWith("iTXt"u8) && !name[4..].StartsWith("XML:com.adobe.xmp\0\0"u8));
    }
}
