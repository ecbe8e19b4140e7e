using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// Finds damaged tiles of a TIFF's first page. libvips draws a tile that it cannot read in black and reports nothing, but it reports
/// damaged strips. So tiles are decoded once as strips, one below the other.
/// </summary>
internal static class TiffTiles
{
    private static readonly int[] TileTags =
    [
        TiffTag.Width, TiffTag.Height, TiffTag.StripOffsets, TiffTag.StripHeight, TiffTag.StripLengths, TiffTag.TileWidth,
        TiffTag.TileHeight, TiffTag.TileOffsets, TiffTag.TileLengths, TiffTag.SubDirectories,
    ];

    /// <exception cref="RefusedException">A tile is truncated or missing.</exception>
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

    public static bool HasPlanes(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Planes) is [2, ..] && TiffDirectory.Read(file, TiffTag.TileOffsets).Count > 0;

    /// <returns>A TIFF with the same pixels in another order; null if there are no tiles, or libvips reports itself that it cannot read
    /// them.</returns>
    public static byte[]? FindStrips(ReadOnlySpan<byte> file)
    {
        var tiles = Find(file);
        if (tiles.Count == 0
            || HasPlanes(file)
            || TiffDirectory.Read(file, TiffTag.TileWidth) is not [var width, ..]
            || TiffDirectory.Read(file, TiffTag.TileHeight) is not [var height, ..])
        {
            return null;
        }

        var layout = TiffLayout.Of(file);
        var added = new List<byte>();
        var entries = TiffCopy.Keep(file, layout, tag => !TileTags.Contains(tag));
        var end = (ulong)file.Length;
        AddEntry(added, end, entries, layout, TiffTag.Width, [width]);
        AddEntry(added, end, entries, layout, TiffTag.Height, [height * (ulong)tiles.Count]);
        AddEntry(added, end, entries, layout, TiffTag.StripHeight, [height]);
        AddEntry(added, end, entries, layout, TiffTag.StripOffsets, [.. tiles.Select(tile => tile.Offset)]);
        AddEntry(added, end, entries, layout, TiffTag.StripLengths, [.. tiles.Select(tile => tile.Length)]);

        return TiffCopy.Write(file, layout, entries, added);
    }

    /// <summary>The tiles that the image needs. Large maps leave empty tiles out, which have position and length 0.</summary>
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
