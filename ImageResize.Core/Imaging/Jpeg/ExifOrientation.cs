using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Finds the one tag of EXIF that we need.</summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;
    private const int EntryLength = 12;

    /// <summary>
    /// 1 to 8; 1, the picture as it is stored, when the tag is missing or no orientation. Null when it is written in an odd
    /// way: readers do not agree on those, and libvips measures the picture too.
    /// </summary>
    public static int? Find(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
        {
            return 1;
        }

        var isLittleEndian = tiff.StartsWith("II*\0"u8);
        if (!isLittleEndian && !tiff.StartsWith("MM\0*"u8))
        {
            return null;
        }

        var directory = ReadUInt32(tiff[4..], isLittleEndian);
        if (directory > tiff.Length - 2)
        {
            return 1;
        }

        var entries = tiff[(int)directory..];
        var count = ReadUInt16(entries, isLittleEndian);
        entries = entries[2..];

        for (; count > 0 && entries.Length >= EntryLength; count--, entries = entries[EntryLength..])
        {
            if (ReadUInt16(entries, isLittleEndian) == OrientationTag)
            {
                if (ReadUInt16(entries[2..], isLittleEndian) != ShortType || ReadUInt32(entries[4..], isLittleEndian) != 1)
                {
                    return null;
                }

                var value = ReadUInt16(entries[8..], isLittleEndian);
                return value is >= 1 and <= 8 ? value : 1;
            }
        }

        return 1;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool isLittleEndian) =>
        isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool isLittleEndian) =>
        isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
