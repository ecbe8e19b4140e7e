using System.Buffers.Binary;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Formats.Avif;

/// <summary>Properties of an AVIF's primary image that libvips does not return (ISO/IEC 23008-12).</summary>
internal static class AvifProperties
{
    // The version and flags of a "full" box.
    private const int FullLength = 4;

    /// <summary>Whether the colours are multiplied by their alpha: the image then refers to its alpha as "prem".</summary>
    public static bool IsPremultiplied(ReadOnlySpan<byte> file)
    {
        var references = AvifBoxes.Find(Meta(file), "iref"u8);

        return references.Length > FullLength && !AvifBoxes.Find(references[FullLength..], "prem"u8).IsEmpty;
    }

    /// <summary>The colours as an "nclx" describes them; null if there is none.</summary>
    public static DeclaredColours? FindColours(ReadOnlySpan<byte> file)
    {
        var meta = Meta(file);
        var properties = AvifBoxes.Find(meta, "iprp"u8);
        var boxes = new AvifBoxes(AvifBoxes.Find(properties, "ipco"u8));
        var used = FindPropertyNumbers(AvifBoxes.Find(properties, "ipma"u8), FindPrimary(AvifBoxes.Find(meta, "pitm"u8)));
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
