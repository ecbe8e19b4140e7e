using System.Buffers.Binary;
using System.Text;
using ImageResize.Core.Imaging.Jpeg;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>The by-line and the copyright notice of an IPTC block. Read only: it is the oldest form, and EXIF says it again.</summary>
internal static class IptcBlock
{
    private const byte Marker = 0x1C;
    private const byte ApplicationRecord = 2;
    private const byte ByLine = 80;
    private const byte CopyrightNotice = 116;
    private const int HeaderLength = 5;

    public static Copyright Find(ReadOnlySpan<byte> block) => new(FindText(block, CopyrightNotice), FindText(block, ByLine));

    private static string? FindText(ReadOnlySpan<byte> block, byte wanted)
    {
        // Photoshop wraps the records in blocks of its own; the marker and record number find them in there just as well.
        ReadOnlySpan<byte> head = [Marker, ApplicationRecord, wanted];
        var at = block.IndexOf(head);
        if (at < 0 || at + HeaderLength > block.Length)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(block[(at + 3)..]);
        var rest = block[(at + HeaderLength)..];

        return length > 0 && length <= rest.Length ? Encoding.UTF8.GetString(rest[..length]).Trim() : null;
    }
}
