using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>The JPEGs inside a TIFF, a strip or a tile each: what is missing of them is drawn in grey, and nothing said.</summary>
internal static class TiffJpeg
{
    private const ulong Jpeg = 7;

    /// <summary>A tile may be larger than its picture, but none of good use is larger than this.</summary>
    private const long LargestTile = 4_096 * 4_096;

    private static readonly byte[] Start = [0xFF, 0xD8];
    private static readonly byte[] End = [0xFF, 0xD9];

    public static bool IsIn(ReadOnlySpan<byte> file) => TiffDirectory.Read(file, TiffTag.Compression) is [Jpeg, ..];

    /// <exception cref="RefusedException">Pixels are missing.</exception>
    /// <exception cref="VipsException">One of the JPEGs cannot be read at all.</exception>
    public static void Check(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        var offsets = TiffDirectory.Read(file, TiffTag.TileOffsets);
        var isTiled = offsets.Count > 0;
        offsets = isTiled ? offsets : TiffDirectory.Read(file, TiffTag.StripOffsets);
        var lengths = TiffDirectory.Read(file, isTiled ? TiffTag.TileLengths : TiffTag.StripLengths);
        var needed = (long)TiffDirectory.CountPieces(file, TiffTag.Height, isTiled ? TiffTag.TileHeight : TiffTag.StripHeight)
            * (isTiled ? TiffDirectory.CountPieces(file, TiffTag.Width, TiffTag.TileWidth) : CountPlanes(file));
        var most = Math.Max(LargestTile, First(file, TiffTag.Width) * First(file, TiffTag.Height));
        byte[] tables = [.. TiffDirectory.Read(file, TiffTag.JpegTables).Select(number => (byte)number)];
        foreach (var (offset, length) in offsets.Zip(lengths).Take((int)Math.Min(offsets.Count, needed)).Where(piece => piece != (0, 0)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((UInt128)offset + length > (UInt128)file.Length)
            {
                throw ImageRefusal.Damaged();
            }

            Check(Complete(tables, file.Slice((int)offset, (int)length)), most, cancellationToken);
        }
    }

    private static int CountPlanes(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Planes) is [2, ..] && TiffDirectory.Read(file, TiffTag.Channels) is [var channels and <= 100, ..]
            ? (int)channels
            : 1;

    /// <summary>What all of them share stands once in the directory, as a JPEG without pixels.</summary>
    private static byte[] Complete(ReadOnlySpan<byte> tables, ReadOnlySpan<byte> piece) =>
        tables.StartsWith(Start) && tables.EndsWith(End) && piece.StartsWith(Start)
            ? [.. tables[..^End.Length], .. piece[Start.Length..]]
            : [.. piece];

    /// <param name="most">Pixels that one piece can have: what it declares itself costs memory before anything of it is seen.</param>
    private static void Check(byte[] jpeg, long most, CancellationToken cancellationToken) => JpegWarnings.Heed(jpeg, failsOn =>
    {
        using var source = Source.NewFromMemory(jpeg);
        using var image = Libvips.Open(source, ImageFormat.Jpeg, jpegFailsOn: failsOn);

        return (long)image.Width * image.Height <= most ? Libvips.ReadAll(image, cancellationToken) : throw ImageRefusal.Damaged();
    });

    private static long First(ReadOnlySpan<byte> file, int tag) => TiffDirectory.Read(file, tag) is [<= int.MaxValue and var number, ..] ? (long)number : 0;
}
