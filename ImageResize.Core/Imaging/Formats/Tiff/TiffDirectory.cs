using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>A TIFF's first directory, for what libvips does not tell of it.</summary>
internal static class TiffDirectory
{
    // As many pieces as the largest picture that we decode can have; a list of what a file says more of would only cost memory.
    private const int MostNumbers = 1_000_000;

    /// <summary>The numbers of a tag in the first directory; none when it is missing, or points outside the file.</summary>
    public static List<ulong> Read(ReadOnlySpan<byte> file, int tag)
    {
        var layout = TiffLayout.Of(file);
        for (var entries = FindEntries(file, layout); !entries.IsEmpty; entries = entries[layout.EntryLength..])
        {
            if ((int)layout.Number(entries, 2) == tag)
            {
                return ReadValues(file, entries[..layout.EntryLength], layout);
            }
        }

        return [];
    }

    /// <returns>Into how many pieces of its own length one side is cut; one, where the file does not say.</returns>
    public static int CountPieces(ReadOnlySpan<byte> file, int sideTag, int pieceTag) =>
        Read(file, sideTag) is [> 0 and < MostNumbers and var side, ..] && Read(file, pieceTag) is [> 0 and var piece, ..]
            ? (int)((side + Math.Min(piece, side) - 1) / Math.Min(piece, side))
            : 1;

    /// <returns>The directory's entries as they are, one behind the other.</returns>
    public static ReadOnlySpan<byte> FindEntries(ReadOnlySpan<byte> file, TiffLayout layout)
    {
        if (file.Length < 16)
        {
            return [];
        }

        var directory = layout.Number(file[layout.DirectoryAt..], layout.Word);
        if (directory > (ulong)(file.Length - 8))
        {
            return [];
        }

        var count = layout.Number(file[(int)directory..], layout.CountLength);
        var entries = file[((int)directory + layout.CountLength)..];
        var whole = (int)Math.Min(count, (ulong)(entries.Length / layout.EntryLength));

        return entries[..(whole * layout.EntryLength)];
    }

    private static List<ulong> ReadValues(ReadOnlySpan<byte> file, ReadOnlySpan<byte> entry, TiffLayout layout)
    {
        var size = layout.Number(entry[2..], 2) switch
        {
            1 or 7 => 1,
            3 => 2,
            4 or 13 => 4,
            16 or 18 => 8,
            _ => 0,
        };
        var count = layout.Number(entry[4..], layout.Word);
        if (size == 0 || count > (ulong)file.Length)
        {
            return [];
        }

        // What fits stands in the entry itself; else the entry says where it is.
        var length = (long)count * size;
        var inside = entry[(4 + layout.Word)..];
        var at = layout.Number(inside, layout.Word);
        var values = length <= layout.Word ? inside
            : at + (ulong)length <= (ulong)file.Length && at <= int.MaxValue ? file.Slice((int)at, (int)length)
            : [];
        var numbers = new List<ulong>();
        for (var left = Math.Min(count, MostNumbers); left > 0 && values.Length >= size; left--, values = values[size..])
        {
            numbers.Add(layout.Number(values, size));
        }

        return numbers;
    }
}

/// <summary>How a TIFF writes numbers, and how long the parts of its directory are: two kinds, each in two orders.</summary>
internal readonly record struct TiffLayout(bool IsLittle, bool IsBig)
{
    public int Word => IsBig ? 8 : 4;

    public int DirectoryAt => IsBig ? 8 : 4;

    public int CountLength => IsBig ? 8 : 2;

    public int EntryLength => IsBig ? 20 : 12;

    public static TiffLayout Of(ReadOnlySpan<byte> file)
    {
        var isLittle = file is [(byte)'I', ..];

        return new TiffLayout(isLittle, file.Length >= 4 && file[isLittle ? 2 : 3] == 43);
    }

    public ulong Number(ReadOnlySpan<byte> bytes, int size) => (size, IsLittle) switch
    {
        (1, _) => bytes[0],
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        (_, false) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
    };

    public void Add(List<byte> to, ulong number, int size)
    {
        for (var i = 0; i < size; i++)
        {
            to.Add((byte)(number >> (8 * (IsLittle ? i : size - 1 - i))));
        }
    }
}
