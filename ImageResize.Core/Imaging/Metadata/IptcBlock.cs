using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>The by-line and the copyright notice of an IPTC block. Read only: thumbnails get the two texts as EXIF and XMP.</summary>
internal static class IptcBlock
{
    private const byte Marker = 0x1C;
    private const byte EnvelopeRecord = 1;
    private const byte CharacterSet = 90;
    private const byte ApplicationRecord = 2;
    private const byte ByLine = 80;
    private const byte CopyrightNotice = 116;
    private const int HeaderLength = 5;

    public static Copyright Find(ReadOnlySpan<byte> block)
    {
        var characterSet = FindContent(block, EnvelopeRecord, CharacterSet);
        return new Copyright(FindText(block, CopyrightNotice, characterSet), FindText(block, ByLine, characterSet));
    }

    private static string? FindText(ReadOnlySpan<byte> block, byte wanted, ReadOnlySpan<byte> characterSet)
    {
        var content = FindContent(block, ApplicationRecord, wanted);
        return content.IsEmpty ? null : TextEncodings.Decode(content, characterSet).Trim();
    }

    private static ReadOnlySpan<byte> FindContent(ReadOnlySpan<byte> block, byte record, byte wanted)
    {
        // Photoshop wraps the records in blocks of its own; searching for the marker and record number finds them inside too.
        ReadOnlySpan<byte> head = [Marker, record, wanted];
        var at = block.IndexOf(head);
        if (at < 0 || at + HeaderLength > block.Length)
        {
            return [];
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(block[(at + 3)..]);
        var rest = block[(at + HeaderLength)..];

        return length <= rest.Length ? rest[..length] : [];
    }
}
