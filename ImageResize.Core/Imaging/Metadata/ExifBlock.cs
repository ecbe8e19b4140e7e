using System.Buffers.Binary;
using System.Text;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>
/// Reads three tags of an EXIF block, or of a TIFF, which has the same structure, and writes a block with the two texts alone.
/// </summary>
internal static class ExifBlock
{
    private const ushort Orientation = 0x0112;
    private const ushort Artist = 0x013B;
    private const ushort CopyrightTag = 0x8298;
    private const ushort Ascii = 2;

    /// <summary>Since EXIF 3.0.</summary>
    private const ushort Utf8 = 129;

    private const int HeaderLength = 8;
    private const int EntryLength = 12;
    private const int LongestText = 4096;

    public static Copyright Find(ReadOnlySpan<byte> block)
    {
        var tiff = Tiff(block);
        return new Copyright(FindText(tiff, CopyrightTag), FindText(tiff, Artist));
    }

    /// <returns>
    /// 1 to 8; 1, as stored, if the block has none. Null if it is written in an unusual way, which readers interpret differently.
    /// </returns>
    public static int? FindOrientation(ReadOnlySpan<byte> block)
    {
        var tiff = Tiff(block);
        if (tiff.Length < HeaderLength)
        {
            return 1;
        }

        var little = IsLittle(tiff);
        if (!tiff.StartsWith(little ? "II*\0"u8 : "MM\0*"u8))
        {
            return null;
        }

        if (FindEntry(tiff, Orientation) is not { } at)
        {
            return 1;
        }

        if (Int(tiff, at + 4, little) != 1 || ReadWhole(tiff, at, little) is not { } turn)
        {
            return null;
        }

        return turn is >= 1 and <= 8 ? (int)turn : 1;
    }

    public static byte[] Write(Copyright copyright)
    {
        List<(ushort Tag, byte[] Text)> entries = [];
        if (copyright.Author is { } author)
        {
            entries.Add((Artist, Terminated(author)));
        }

        if (copyright.Notice is { } notice)
        {
            entries.Add((CopyrightTag, Terminated(notice)));
        }

        using var block = new MemoryStream();
        using var writer = new BinaryWriter(block);
        writer.Write("Exif\0\0II*\0"u8);
        writer.Write(8); // the one directory follows at once; offsets count from "II"
        writer.Write((ushort)entries.Count);
        var textAt = 8 + 2 + (entries.Count * EntryLength) + 4;
        foreach (var (tag, text) in entries)
        {
            writer.Write(tag);
            writer.Write(Ascii);
            writer.Write(text.Length);
            writer.Write(textAt);
            textAt += text.Length;
        }

        writer.Write(0); // no directory after this
        entries.ForEach(entry => writer.Write(entry.Text));

        return block.ToArray();
    }

    private static ReadOnlySpan<byte> Tiff(ReadOnlySpan<byte> block) => block.StartsWith("Exif\0\0"u8) ? block[6..] : block;

    private static bool IsLittle(ReadOnlySpan<byte> tiff) => tiff[0] == 'I';

    private static string? FindText(ReadOnlySpan<byte> tiff, ushort wanted)
    {
        if (FindEntry(tiff, wanted) is not { } at || Short(tiff, at + 2, IsLittle(tiff)) is not (Ascii or Utf8))
        {
            return null;
        }

        long length = Int(tiff, at + 4, IsLittle(tiff));
        var from = length <= 4 ? at + 8 : Int(tiff, at + 8, IsLittle(tiff));

        return length <= LongestText && from + length <= tiff.Length ? Text(tiff.Slice((int)from, (int)length)) : null;
    }

    private static long? FindEntry(ReadOnlySpan<byte> tiff, ushort tag)
    {
        if (tiff.Length < HeaderLength)
        {
            return null;
        }

        var little = IsLittle(tiff);
        long directory = Int(tiff, 4, little);
        var count = directory + 2 <= tiff.Length ? Short(tiff, directory, little) : 0;
        for (var at = directory + 2; count > 0 && at + EntryLength <= tiff.Length; at += EntryLength, count--)
        {
            if (Short(tiff, at, little) == tag)
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>A whole number of any type: encoders write SHORT, and other programs LONG, BYTE or a fraction.</summary>
    /// <param name="entry">The entry's position; it has one value.</param>
    private static long? ReadWhole(ReadOnlySpan<byte> tiff, long entry, bool little)
    {
        const int Byte = 1, Short16 = 3, Long = 4, Fraction = 5, SignedByte = 6, SignedShort = 8, SignedLong = 9, SignedFraction = 10;
        var value = entry + 8;
        switch ((int)Short(tiff, entry + 2, little))
        {
            case Byte or SignedByte:
                return tiff[(int)value];
            case Short16 or SignedShort:
                return Short(tiff, value, little);
            case Long or SignedLong:
                return Int(tiff, value, little);
            case Fraction or SignedFraction when Int(tiff, value, little) is var at && at + 8L <= tiff.Length:
                var (above, below) = (Int(tiff, at, little), Int(tiff, at + 4, little));
                return below > 0 && above % below == 0 ? above / below : null;
            default:
                return null;
        }
    }

    private static byte[] Terminated(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');

        // Values of up to four bytes would be stored in the entry itself. Two more terminating zeros avoid that second form.
        return bytes.Length > 4 ? bytes : [.. bytes, .. new byte[5 - bytes.Length]];
    }

    // The copyright tag may hold two texts, the photographer's and the editor's, with a zero between.
    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        var texts = TextEncodings.Decode(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return texts.Length > 0 ? string.Join(", ", texts) : null;
    }

    private static ushort Short(ReadOnlySpan<byte> tiff, long at, bool little)
    {
        var bytes = tiff[(int)at..];
        return little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    private static uint Int(ReadOnlySpan<byte> tiff, long at, bool little)
    {
        var bytes = tiff[(int)at..];
        return little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
