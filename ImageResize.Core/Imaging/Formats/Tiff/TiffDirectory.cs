using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>Reads tags of a TIFF's first directory that libvips does not return.</summary>
internal static class TiffDirectory
{
    // As many strips or tiles as the largest image that is decoded can have. Longer lists would only cost memory.
    private const int MaxValues = 1_000_000;

    // A hundred entries are more than cameras and programs write, and the tags that are asked for come first.
    private const int MostUsedDirectory = 1_300;
    private const int LongestDirectory = 4_096;

    /// <summary>The count of entries has 16 bits in a TIFF. libtiff accepts no more in a BigTIFF, whose count has 64.</summary>
    private const int MaxEntries = ushort.MaxValue;

    /// <summary>
    /// Reads the first directory of a stream that can seek, and leaves the stream where it is. Values that are not in the directory itself
    /// are missing.
    /// </summary>
    /// <returns>A file with just the directory.</returns>
    public static byte[] ReadFirst(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        var layout = TiffLayout.Of(prefix.Span);
        if (prefix.Length < 16)
        {
            return [];
        }

        var at = layout.Number(prefix.Span[layout.DirectoryAt..], layout.Word);
        var position = rest.Position;
        var start = position - prefix.Length;
        if (at > (ulong)Math.Max(0, rest.Length - start))
        {
            return [];
        }

        var headerLength = layout.DirectoryAt + layout.Word;
        var file = new byte[headerLength + LongestDirectory];
        prefix.Span[..headerLength].CopyTo(file);
        var pointer = new List<byte>();
        layout.Add(pointer, (ulong)headerLength, layout.Word);
        pointer.CopyTo(file, layout.DirectoryAt);
        var fromPrefix = prefix.Span[(int)Math.Min(at, (ulong)prefix.Length)..];
        fromPrefix = fromPrefix[..Math.Min(fromPrefix.Length, LongestDirectory)];
        fromPrefix.CopyTo(file.AsSpan(headerLength));
        if (fromPrefix.Length < MostUsedDirectory)
        {
            rest.Position = start + (long)at + fromPrefix.Length;
            var left = LongestDirectory - fromPrefix.Length;
            rest.ReadAtLeast(file.AsSpan(headerLength + fromPrefix.Length), left, throwOnEndOfStream: false);
            rest.Position = position;
        }

        return file;
    }

    /// <summary>Removes the reference to the second page, because libvips would read the directories of all pages to count them.</summary>
    /// <returns>The same bytes if there is one page, else a copy.</returns>
    public static ReadOnlyMemory<byte> RemoveOtherPages(ReadOnlyMemory<byte> file)
    {
        var layout = TiffLayout.Of(file.Span);
        if (FindLength(file.Span, layout) is not { } length)
        {
            return file;
        }

        var next = length + (long)layout.Number(file.Span[layout.DirectoryAt..], layout.Word);
        if (next + layout.Word > file.Length || !file.Span.Slice((int)next, layout.Word).ContainsAnyExcept((byte)0))
        {
            return file;
        }

        var copy = file.ToArray();
        copy.AsSpan((int)next, layout.Word).Clear();

        return copy;
    }

    /// <returns>The length of the count and the entries, which the reference to the second page follows; null if it is invalid.</returns>
    public static int? FindLength(ReadOnlySpan<byte> file, TiffLayout layout)
    {
        if (file.Length < 16 || (layout.Number(file[layout.DirectoryAt..], layout.Word) is var at && at > (ulong)(file.Length - 8)))
        {
            return null;
        }

        var count = layout.Number(file[(int)at..], layout.CountLength);

        return count <= MaxEntries ? layout.CountLength + ((int)count * layout.EntryLength) : null;
    }

    public static bool Has(ReadOnlySpan<byte> file, int tag)
    {
        var layout = TiffLayout.Of(file);
        for (var entries = FindEntries(file, layout); !entries.IsEmpty; entries = entries[layout.EntryLength..])
        {
            if ((int)layout.Number(entries, 2) == tag)
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>The values of a tag; empty if it is missing or points outside the file.</returns>
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

    /// <returns>The number of strips or tiles along one side; 1 if the file does not tell.</returns>
    public static int CountPieces(ReadOnlySpan<byte> file, int sideTag, int pieceTag) =>
        Read(file, sideTag) is [> 0 and < MaxValues and var side, ..] && Read(file, pieceTag) is [> 0 and var piece, ..]
            ? (int)((side + Math.Min(piece, side) - 1) / Math.Min(piece, side))
            : 1;

    /// <returns>The bytes of all entries.</returns>
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
        var whole = (int)Math.Min(Math.Min(count, MaxEntries), (ulong)(entries.Length / layout.EntryLength));

        return entries[..(whole * layout.EntryLength)];
    }

    private static List<ulong> ReadValues(ReadOnlySpan<byte> file, ReadOnlySpan<byte> entry, TiffLayout layout)
    {
        var size = layout.Number(entry[2..], 2) switch
        {
            1 or 2 or 7 => 1,
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

        // Values that fit are in the entry itself; otherwise the entry contains their position.
        var length = (long)count * size;
        var inside = entry[(4 + layout.Word)..];
        var at = layout.Number(inside, layout.Word);
        var values = length <= layout.Word ? inside
            : at + (ulong)length <= (ulong)file.Length && at <= int.MaxValue ? file.Slice((int)at, (int)length)
            : [];
        var numbers = new List<ulong>();
        for (var left = Math.Min(count, MaxValues); left > 0 && values.Length >= size; left--, values = values[size..])
        {
            numbers.Add(layout.Number(values, size));
        }

        return numbers;
    }
}

/// <summary>Byte order and sizes of a TIFF (32 bits) or BigTIFF (64 bits).</summary>
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
