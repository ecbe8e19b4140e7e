namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>Names the kinds of TIFF that the bundled libvips does not read, so that they are not refused as damaged.</summary>
internal static class UnsupportedTiff
{
    // libvips' messages about headers that it understands and whose pixels it does not read.
    private static readonly (string Message, string Name)[] Headers =
    [
        ("not a whole number of bytes", "a TIFF with an unusual number of bits a channel"),
        ("samples out of range", "a TIFF with an unusual number of bits a channel"),
        ("unsupported tiff image type", "a TIFF with an unusual number of bits a channel"),
        ("not 1 bands", "a TIFF with an unusual number of channels"),
        ("bad labq format", "a TIFF in CIELAB colours of 8 bits"),
    ];

    /// <param name="message">libvips' message about a header.</param>
    public static string? FindName(string message) =>
        Array.Find(Headers, header => message.Contains(header.Message, StringComparison.Ordinal)).Name;

    /// <returns>Null if the pixels should be readable.</returns>
    public static string? FindName(ReadOnlySpan<byte> file)
    {
        var compression = TiffDirectory.Read(file, TiffTag.Compression) is [var number, ..] ? FindCompression(number) : null;

        return compression is not null ? $"a TIFF compressed by {compression}"
            : TiffTiles.HasPlanes(file) ? "a TIFF with separate tiles for each colour"
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
