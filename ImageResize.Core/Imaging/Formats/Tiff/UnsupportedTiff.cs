namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>What the bundled libvips cannot read of TIFF, by name: such a picture is neither damaged nor no image.</summary>
internal static class UnsupportedTiff
{
    // What libvips says of a header that it understands and has no pixels for.
    private static readonly (string Said, string Name)[] Headers =
    [
        ("not a whole number of bytes", "a TIFF with an unusual number of bits a channel"),
        ("samples out of range", "a TIFF with an unusual number of bits a channel"),
        ("unsupported tiff image type", "a TIFF with an unusual number of bits a channel"),
        ("not 1 bands", "a TIFF with an unusual number of channels"),
        ("bad labq format", "a TIFF in CIELAB colours of 8 bits"),
    ];

    /// <param name="said">By libvips, of a header.</param>
    public static string? FindName(string said) =>
        Array.Find(Headers, header => said.Contains(header.Said, StringComparison.Ordinal)).Name;

    /// <returns>Null when its pixels should have been readable.</returns>
    public static string? FindName(ReadOnlySpan<byte> file)
    {
        var compression = TiffDirectory.Read(file, TiffTag.Compression) is [var number, ..] ? FindCompression(number) : null;

        return compression is not null ? $"a TIFF compressed by {compression}"
            : TiffTiles.HavePlanes(file) ? "a TIFF with separate tiles for each colour"
            : null;
    }

    private static string? FindCompression(ulong number) => number switch
    {
        6 => "JPEG's old way",
        9 or 10 or 34661 => "JBIG",
        >= 33003 and <= 33005 or 34712 => "JPEG 2000",
        34887 => "LERC",
        34925 => "LZMA",
        50000 => "Zstandard",
        50001 => "WebP",
        50002 or 52546 => "JPEG XL",
        0 or (>= 1 and <= 8) or 32766 or 32771 or 32773 or 32809 or 32908 or 32909 or 32946 or 34676 or 34677 => null,
        _ => $"method {number}",
    };
}
