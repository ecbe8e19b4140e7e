using System.Buffers.Binary;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Formats.Avif;

/// <summary>Properties of an AVIF's primary image that libvips does not return (ISO/IEC 23008-12).</summary>
internal static class AvifProperties
{
    // The version and flags of a "full" box.
    private const int FullLength = 4;

    /// <summary>Whether the colours are premultiplied by their alpha: the image then refers to its alpha as "prem".</summary>
    public static bool IsPremultiplied(ReadOnlySpan<byte> file)
    {
        var references = AvifBoxes.Find(Meta(file), "iref"u8);

        return references.Length > FullLength && !AvifBoxes.Find(references[FullLength..], "prem"u8).IsEmpty;
    }

    /// <summary>The colours as an "nclx" describes them, or else the AV1 data; null if neither does.</summary>
    public static DeclaredColours? FindColours(ReadOnlySpan<byte> file)
    {
        var meta = Meta(file);
        var primary = FindPrimary(AvifBoxes.Find(meta, "pitm"u8));
        if (FindColours(AvifBoxes.Find(meta, "iprp"u8), primary) is { } colours)
        {
            return colours;
        }

        // The data of an image in tiles is that of its first tile.
        var item = FindFirstTile(AvifBoxes.Find(meta, "iref"u8), primary) ?? primary;
        return item is { } id
            ? Av1SequenceHeader.FindColours(AvifItems.FindData(file, AvifBoxes.Find(meta, "iloc"u8), id))
            : null;
    }

    private static DeclaredColours? FindColours(ReadOnlySpan<byte> properties, uint? primary)
    {
        var boxes = new AvifBoxes(AvifBoxes.Find(properties, "ipco"u8));
        var used = FindPropertyNumbers(AvifBoxes.Find(properties, "ipma"u8), primary);
        for (var number = 1; boxes.TryRead(out var type, out var content); number++)
        {
            if (type.SequenceEqual("colr"u8) && content.StartsWith("nclx"u8) && content.Length >= 8 && used.Contains(number))
            {
                return DeclaredColours.FromCicp(
                    BinaryPrimitives.ReadUInt16BigEndian(content[4..]), BinaryPrimitives.ReadUInt16BigEndian(content[6..]));
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> Meta(ReadOnlySpan<byte> file)
    {
        var meta = AvifBoxes.Find(file, "meta"u8);
        return meta.Length > FullLength ? meta[FullLength..] : [];
    }

    /// <returns>The first item that the primary one is made of; null if it is not made of others.</returns>
    private static uint? FindFirstTile(ReadOnlySpan<byte> references, uint? primary)
    {
        if (references.Length <= FullLength)
        {
            return null;
        }

        var isLong = references[0] > 0;
        var boxes = new AvifBoxes(references[FullLength..]);
        while (boxes.TryRead(out var type, out var content))
        {
            if (type.SequenceEqual("dimg"u8) && content.Length >= (isLong ? 10 : 6) && ReadId(content, isLong) == primary)
            {
                return ReadId(content[(isLong ? 6 : 4)..], isLong);
            }
        }

        return null;
    }

    private static uint ReadId(ReadOnlySpan<byte> bytes, bool isLong) =>
        isLong ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint? FindPrimary(ReadOnlySpan<byte> box) => box switch
    {
        [0, _, _, _, _, _, ..] => BinaryPrimitives.ReadUInt16BigEndian(box[FullLength..]),
        [_, _, _, _, _, _, _, _, ..] => BinaryPrimitives.ReadUInt32BigEndian(box[FullLength..]),
        _ => null,
    };

    /// <summary>The numbers of an item's properties, from 1.</summary>
    private static HashSet<int> FindPropertyNumbers(ReadOnlySpan<byte> box, uint? item)
    {
        var numbers = new HashSet<int>();
        if (box.Length < FullLength + 4)
        {
            return numbers;
        }

        var (idLength, numberLength) = (box[0] < 1 ? 2 : 4, (box[3] & 1) == 0 ? 1 : 2);
        var rest = box[(FullLength + 4)..];
        while (rest.Length > idLength)
        {
            var id = idLength == 2 ? BinaryPrimitives.ReadUInt16BigEndian(rest) : BinaryPrimitives.ReadUInt32BigEndian(rest);
            var count = rest[idLength];
            rest = rest[(idLength + 1)..];
            for (; count > 0 && rest.Length >= numberLength; count--, rest = rest[numberLength..])
            {
                // The first bit says whether a reader must know the property.
                var number = numberLength == 1 ? rest[0] & 0x7F : BinaryPrimitives.ReadUInt16BigEndian(rest) & 0x7FFF;
                if (id == item)
                {
                    numbers.Add(number);
                }
            }
        }

        return numbers;
    }
}
