using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Avif;

/// <summary>Reads the boxes of an ISO base media file (ISO/IEC 14496-12), one after another.</summary>
internal ref struct AvifBoxes(ReadOnlySpan<byte> bytes)
{
    /// <summary>As many items as libheif accepts (heif_security_limits.max_items).</summary>
    public const int MaxItems = 1_000;

    /// <summary>
    /// Boxes before the one that describes the image. libheif creates an object for each, and files have two or three: the type, free space
    /// and the pixels.
    /// </summary>
    private const int MaxBoxesBeforeMeta = 100;

    private const int HeaderLength = 8;
    private const int LongHeaderLength = 16;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <exception cref="RefusedException">There are more boxes before the description than an image needs.</exception>
    public static void CheckCount(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        var position = rest.Position;
        var reader = new ForwardReader(prefix, rest);
        Span<byte> head = stackalloc byte[HeaderLength];
        Span<byte> longLength = stackalloc byte[LongHeaderLength - HeaderLength];
        for (var boxes = 0; reader.TryRead(head) && !head.EndsWith("meta"u8); boxes++)
        {
            if (boxes == MaxBoxesBeforeMeta)
            {
                throw ImageRefusal.TooMany("boxes before its description", MaxBoxesBeforeMeta);
            }

            ulong length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var header = HeaderLength;
            if (length == 1 && reader.TryRead(longLength))
            {
                (length, header) = (BinaryPrimitives.ReadUInt64BigEndian(longLength), LongHeaderLength);
            }

            if (length < (ulong)header || length > long.MaxValue || !reader.TrySkip((long)length - header))
            {
                break;
            }
        }

        rest.Position = position;
    }

    /// <summary>The content of the first box of a type; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> type)
    {
        var boxes = new AvifBoxes(bytes);
        while (boxes.TryRead(out var name, out var content))
        {
            if (name.SequenceEqual(type))
            {
                return content;
            }
        }

        return [];
    }

    public bool TryRead(out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
    {
        type = content = default;
        if (_rest.Length < HeaderLength)
        {
            return false;
        }

        ulong length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        var header = HeaderLength;
        if (length == 1 && _rest.Length >= LongHeaderLength)
        {
            (length, header) = (BinaryPrimitives.ReadUInt64BigEndian(_rest[HeaderLength..]), LongHeaderLength);
        }
        else if (length == 0)
        {
            length = (ulong)_rest.Length;
        }

        if (length < (ulong)header || length > (ulong)_rest.Length)
        {
            return false;
        }

        type = _rest.Slice(4, 4);
        content = _rest[header..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }
}
