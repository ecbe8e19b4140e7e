using System.Buffers.Binary;

namespace ImageResize.Core.Imaging;

/// <summary>A TIFF's first directory, for what libvips does not tell of it.</summary>
internal static class TiffDirectory
{
    /// <summary>The numbers of a tag in the first directory; none when it is missing, or points outside the file.</summary>
    public static List<ulong> Read(ReadOnlySpan<byte> file, int tag)
    {
        var numbers = new List<ulong>();
        if (file.Length < 16)
        {
            return numbers;
        }

        var little = file[0] == 'I';
        var isBig = Number(file[2..], 2, little) == 43;
        var (word, entryLength) = isBig ? (8, 20) : (4, 12);
        var directory = Number(file[(isBig ? 8 : 4)..], word, little);
        if (directory > (ulong)(file.Length - word))
        {
            return numbers;
        }

        var rest = file[(int)directory..];
        var count = Number(rest, isBig ? 8 : 2, little);
        rest = rest[(isBig ? 8 : 2)..];
        for (; count > 0 && rest.Length >= entryLength; count--, rest = rest[entryLength..])
        {
            if ((int)Number(rest, 2, little) == tag)
            {
                AddValues(file, rest[..entryLength], word, little, numbers);
                break;
            }
        }

        return numbers;
    }

    private static void AddValues(ReadOnlySpan<byte> file, ReadOnlySpan<byte> entry, int word, bool little, List<ulong> numbers)
    {
        var size = Number(entry[2..], 2, little) switch
        {
            3 => 2,
            4 or 13 => 4,
            16 or 18 => 8,
            _ => 0,
        };
        var count = Number(entry[4..], word, little);
        if (size == 0 || count > (ulong)file.Length)
        {
            return;
        }

        // What fits stands in the entry itself; else the entry says where it is.
        var length = (int)count * (long)size;
        var at = Number(entry[(4 + word)..], word, little);
        var values = length <= word ? entry[(4 + word)..]
            : at + (ulong)length <= (ulong)file.Length && at <= int.MaxValue ? file.Slice((int)at, (int)length)
            : [];
        for (; count > 0 && values.Length >= size; count--, values = values[size..])
        {
            numbers.Add(Number(values, size, little));
        }
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, int size, bool little) => (size, little) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        (_, false) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
    };
}
