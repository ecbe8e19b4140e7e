using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Jpeg.Segments;

/// <summary>
/// Copies the start of a JPEG up to its pixels without the segments that measuring does not need. libjpeg would read all of them, and files
/// can have millions.
/// </summary>
internal static class JpegStart
{
    /// <summary>A dozen tables have some kilobytes. EXIF blocks, with a preview, have up to 64 each.</summary>
    private const int MaxBytes = 1_000_000;

    private const int MarkerLength = 2;
    private const int HeadLength = 4;

    /// <param name="rest">Positioned after the prefix; on return, after the bytes that are returned.</param>
    /// <returns>The segments up to the first scan's header, or up to something that is left to libjpeg.</returns>
    /// <exception cref="RefusedException">There are more segments than an image needs.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        var reader = new ForwardReader(prefix, rest);
        using var kept = new MemoryStream();
        TryKeep(reader, kept, MarkerLength);
        Span<byte> head = stackalloc byte[HeadLength];
        for (var segments = 0; reader.TryRead(head); segments++)
        {
            var (marker, length) = (head[1], BinaryPrimitives.ReadUInt16BigEndian(head[MarkerLength..]) - MarkerLength);
            var isSegment = head[0] == 0xFF && marker is >= Marker.FirstWithSegment and < 0xFF && length >= 0
                && !Marker.IsRestart(marker) && marker is not (Marker.StartOfImage or Marker.EndOfImage);
            if (!isSegment || marker == Marker.StartOfScan)
            {
                kept.Write(head);
                TryKeep(reader, kept, isSegment ? length : 0);
                break;
            }

            if (segments == SegmentReader.MaxHeaderSegments)
            {
                throw TooManySegments();
            }

            if (!TryPass(reader, kept, head, length))
            {
                break;
            }

            if (kept.Length > MaxBytes)
            {
                throw ImageRefusal.TooMany("bytes of tables and EXIF", MaxBytes);
            }
        }

        kept.Write(reader.Unread.Span);

        return kept.ToArray();
    }

    public static RefusedException TooManySegments() =>
        ImageRefusal.TooMany("segments before its pixels", SegmentReader.MaxHeaderSegments);

    /// <summary>Keeps or skips a segment.</summary>
    private static bool TryPass(ForwardReader reader, MemoryStream kept, ReadOnlySpan<byte> head, int length)
    {
        var isMetadata = head[1] is (>= Marker.App0 and <= Marker.LastApp) or Marker.Comment;
        if (isMetadata && head[1] is not (Marker.App0 or Marker.App1 or Marker.App14))
        {
            return reader.TrySkip(length);
        }

        if (head[1] != Marker.App1)
        {
            kept.Write(head);
            return TryKeep(reader, kept, length);
        }

        // An XMP packet, which has the same marker, can be long and have many segments.
        Span<byte> start = stackalloc byte[Math.Min(length, 6)];
        if (!reader.TryRead(start) || !start.SequenceEqual("Exif\0\0"u8))
        {
            return reader.TrySkip(length - start.Length);
        }

        kept.Write(head);
        kept.Write(start);

        return TryKeep(reader, kept, length - start.Length);
    }

    private static bool TryKeep(ForwardReader reader, MemoryStream kept, int length)
    {
        var bytes = new byte[length];
        var isWhole = reader.TryRead(bytes);
        if (isWhole)
        {
            kept.Write(bytes);
        }

        return isWhole;
    }
}
