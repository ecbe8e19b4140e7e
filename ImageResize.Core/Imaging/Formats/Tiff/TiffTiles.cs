using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// The tiles of a TIFF's first picture. What libvips cannot read of them it draws in black, and says nothing; of strips it
/// does say so. So the tiles are read once as strips, one below the other, before they are drawn.
/// </summary>
internal static class TiffTiles
{
    private static readonly int[] NotOfStrips =
    [
        TiffTag.Width, TiffTag.Height, TiffTag.StripOffsets, TiffTag.StripHeight, TiffTag.StripLengths, TiffTag.TileWidth,
        TiffTag.TileHeight, TiffTag.TileOffsets, TiffTag.TileLengths, TiffTag.SubDirectories,
    ];

    /// <exception cref="RefusedException">A tile is cut off, or is not in the file at all.</exception>
    public static void Check(ReadOnlySpan<byte> file)
    {
        foreach (var (offset, length) in Find(file))
        {
            if ((UInt128)offset + length > (UInt128)file.Length)
            {
                throw ImageRefusal.Damaged();
            }
        }
    }

    public static bool HavePlanes(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Planes) is [2, ..] && TiffDirectory.Read(file, TiffTag.TileOffsets).Count > 0;

    /// <returns>A TIFF of the same pixels, in another order; null when there are no tiles, or libvips says itself that it cannot read them.</returns>
    public static byte[]? FindStrips(ReadOnlySpan<byte> file)
    {
        var tiles = Find(file);
        if (tiles.Count == 0
            || HavePlanes(file)
            || TiffDirectory.Read(file, TiffTag.TileWidth) is not [var width, ..]
            || TiffDirectory.Read(file, TiffTag.TileHeight) is not [var height, ..])
        {
            return null;
        }

        var layout = TiffLayout.Of(file);
        var added = new List<byte>();
        var entries = TiffCopy.Keep(file, layout, tag => !NotOfStrips.Contains(tag));
        var end = (ulong)file.Length;
        AddEntry(added, end, entries, layout, TiffTag.Width, [width]);
        AddEntry(added, end, entries, layout, TiffTag.Height, [height * (ulong)tiles.Count]);
        AddEntry(added, end, entries, layout, TiffTag.StripHeight, [height]);
        AddEntry(added, end, entries, layout, TiffTag.StripOffsets, [.. tiles.Select(tile => tile.Offset)]);
        AddEntry(added, end, entries, layout, TiffTag.StripLengths, [.. tiles.Select(tile => tile.Length)]);

        return TiffCopy.Write(file, layout, entries, added);
    }

    /// <summary>Those that the picture needs, but for what was never drawn and has no place: large maps leave much out.</summary>
    private static List<(ulong Offset, ulong Length)> Find(ReadOnlySpan<byte> file)
    {
        var (offsets, lengths) = (TiffDirectory.Read(file, TiffTag.TileOffsets), TiffDirectory.Read(file, TiffTag.TileLengths));
        var needed = (long)TiffDirectory.CountPieces(file, TiffTag.Width, TiffTag.TileWidth)
            * TiffDirectory.CountPieces(file, TiffTag.Height, TiffTag.TileHeight);

        return [.. offsets.Zip(lengths).Take((int)Math.Min(offsets.Count, needed)).Where(tile => tile != (0, 0))];
    }

    private static void AddEntry(
        List<byte> added, ulong end, SortedDictionary<int, byte[]> entries, TiffLayout layout, int tag, IReadOnlyList<ulong> values)
    {
        var entry = new List<byte>();
        layout.Add(entry, (ulong)tag, 2);
        layout.Add(entry, layout.IsBig ? 16UL : 4UL, 2);
        layout.Add(entry, (ulong)values.Count, layout.Word);
        layout.Add(entry, values.Count == 1 ? values[0] : end + (ulong)added.Count, layout.Word);
        entries[tag] = [.. entry];
        for (var value = 0; values.Count > 1 && value < values.Count; value++)
        {
            layout.Add(added, values[value], layout.Word);
        }
    }
}
