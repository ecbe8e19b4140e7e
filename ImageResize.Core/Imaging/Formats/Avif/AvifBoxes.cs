using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Formats.Avif;

/// <summary>Reads the boxes of an ISO base media file (ISO/IEC 14496-12), one after another.</summary>
internal ref struct AvifBoxes(ReadOnlySpan<byte> bytes)
{
    private const int HeaderLength = 8;
    private const int LongHeaderLength = 16;

    private ReadOnlySpan<byte> _rest = bytes;

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
