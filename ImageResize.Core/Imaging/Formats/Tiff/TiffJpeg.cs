using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>Checks the JPEGs inside a TIFF, one for each strip or tile. libvips draws missing pixels in grey and reports nothing.</summary>
internal static class TiffJpeg
{
    private const ulong Jpeg = 7;

    /// <summary>In pixels. A tile can be larger than its image, but no encoder writes larger tiles than this.</summary>
    private const long LargestTile = 4_096 * 4_096;

    private static readonly byte[] Start = [0xFF, 0xD8];
    private static readonly byte[] End = [0xFF, 0xD9];

    public static bool IsIn(ReadOnlySpan<byte> file) => TiffDirectory.Read(file, TiffTag.Compression) is [Jpeg, ..];

    /// <exception cref="RefusedException">Pixels are missing.</exception>
    /// <exception cref="VipsException">One of the JPEGs has no valid header.</exception>
    public static void Check(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        var offsets = TiffDirectory.Read(file, TiffTag.TileOffsets);
        var isTiled = offsets.Count > 0;
        offsets = isTiled ? offsets : TiffDirectory.Read(file, TiffTag.StripOffsets);
        var lengths = TiffDirectory.Read(file, isTiled ? TiffTag.TileLengths : TiffTag.StripLengths);
        var needed = (long)TiffDirectory.CountPieces(file, TiffTag.Height, isTiled ? TiffTag.TileHeight : TiffTag.StripHeight)
            * (isTiled ? TiffDirectory.CountPieces(file, TiffTag.Width, TiffTag.TileWidth) : CountPlanes(file));
        var maxPixels = Math.Max(LargestTile, First(file, TiffTag.Width) * First(file, TiffTag.Height));
        byte[] tables = [.. TiffDirectory.Read(file, TiffTag.JpegTables).Select(number => (byte)number)];
        foreach (var (offset, length) in offsets.Zip(lengths).Take((int)Math.Min(offsets.Count, needed)).Where(piece => piece != (0, 0)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((UInt128)offset + length > (UInt128)file.Length)
            {
                throw ImageRefusal.Damaged();
            }

            Check(Complete(tables, file.Slice((int)offset, (int)length)), maxPixels, cancellationToken);
        }
    }

    private static int CountPlanes(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Planes) is [2, ..] && TiffDirectory.Read(file, TiffTag.Channels) is [var channels and <= 100, ..]
            ? (int)channels
            : 1;

    /// <summary>Adds the tables that all pieces share. The directory contains them once, as a JPEG without pixels.</summary>
    private static byte[] Complete(ReadOnlySpan<byte> tables, ReadOnlySpan<byte> piece) =>
        tables.StartsWith(Start) && tables.EndsWith(End) && piece.StartsWith(Start)
            ? [.. tables[..^End.Length], .. piece[Start.Length..]]
            : [.. piece];

    /// <param name="maxPixels">Pixels that a piece can have. The size that it declares itself costs memory before its pixels are
    /// read.</param>
    private static void Check(byte[] jpeg, long maxPixels, CancellationToken cancellationToken) =>
        JpegWarnings.FailOnDamage(jpeg, (bytes, failOn) =>
        {
            using var source = Libvips.OpenSource(bytes);
            using var image = Libvips.OpenJpeg(source, failOn: failOn);
            if ((long)image.Width * image.Height > maxPixels)
            {
                throw ImageRefusal.Damaged();
            }

            Libvips.DecodeAll(image, cancellationToken);
            return true;
        });

    private static long First(ReadOnlySpan<byte> file, int tag) =>
        TiffDirectory.Read(file, tag) is [<= int.MaxValue and var number, ..] ? (long)number : 0;
}
