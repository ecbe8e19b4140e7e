using System.Text;

namespace ImageResize.Core.Imaging.Headers;

/// <summary>Formats that are recognized by their first bytes but not read, so that a refusal can name them.</summary>
internal static class UnsupportedFormats
{
    /// <summary>Usual extensions, for files whose bytes are not read.</summary>
    public static readonly IReadOnlyList<string> Extensions =
    [
        ".heic", ".heif", ".hif", ".jxl", ".jp2", ".j2k", ".jxr", ".svg", ".svgz", ".psd", ".xcf", ".ico", ".exr", ".hdr", ".dds",
        ".qoi", ".pcx", ".eps", ".dng", ".nef", ".cr2", ".cr3", ".crw", ".arw", ".orf", ".rw2", ".raf", ".pef",
        ".srw", ".x3f", ".iiq", ".3fr",
    ];

    private static readonly (string Name, int At, byte[] Magic)[] Known =
    [
        ("PDF", 0, [.. "%PDF-"u8]),
        ("PostScript", 0, [.. "%!PS"u8]),
        ("PostScript", 0, [0xC5, 0xD0, 0xD3, 0xC6]),
        ("JPEG XL", 0, [0xFF, 0x0A]),
        ("JPEG XL", 4, [.. "JXL \r\n"u8]),
        ("JPEG 2000", 4, [.. "jP  \r\n"u8]),
        ("JPEG 2000", 0, [0xFF, 0x4F, 0xFF, 0x51]),
        ("JPEG XR", 0, [(byte)'I', (byte)'I', 0xBC]),
        ("Olympus raw (ORF)", 0, [.. "IIRO"u8]),
        ("Olympus raw (ORF)", 0, [.. "IIRS"u8]),
        ("Olympus raw (ORF)", 0, [.. "MMOR"u8]),
        ("Panasonic raw (RW2)", 0, [.. "IIU\0"u8]),
        ("Fujifilm raw (RAF)", 0, [.. "FUJIFILMCCD-RAW"u8]),
        ("Minolta raw (MRW)", 0, [.. "\0MRM"u8]),
        ("Sigma raw (X3F)", 0, [.. "FOVb"u8]),
        ("Canon raw (CRW)", 6, [.. "HEAPCCDR"u8]),
        ("ICNS", 0, [.. "icns"u8]),
        ("PSD", 0, [.. "8BPS"u8]),
        ("XCF", 0, [.. "gimp xcf"u8]),
        ("OpenEXR", 0, [0x76, 0x2F, 0x31, 0x01]),
        ("Radiance HDR", 0, [.. "#?RADIANCE"u8]),
        ("Radiance HDR", 0, [.. "#?RGBE"u8]),
        ("FITS", 0, [.. "SIMPLE  ="u8]),
        ("DDS", 0, [.. "DDS "u8]),
        ("BLP", 0, [.. "BLP1"u8]),
        ("BLP", 0, [.. "BLP2"u8]),
        ("QOI", 0, [.. "qoif"u8]),
        ("BPG", 0, [.. "BPG"u8, 0xFB]),
        ("DjVu", 0, [.. "AT&TFORM"u8]),
        ("MNG", 0, [0x8A, .. "MNG"u8]),
        ("JNG", 0, [0x8B, .. "JNG"u8]),
        ("WMF", 0, [0xD7, 0xCD, 0xC6, 0x9A]),
        ("EMF", 40, [.. " EMF"u8]),
        ("PCX", 0, [0x0A, 0x05, 0x01]),
        ("PCX", 0, [0x0A, 0x03, 0x01]),
        ("PCX", 0, [0x0A, 0x02, 0x01]),
        ("SGI", 0, [0x01, 0xDA]),
        ("PAM", 0, [.. "P7\n"u8]),
        ("PFM", 0, [.. "PF\n"u8]),
        ("PFM", 0, [.. "Pf\n"u8]),
        ("Sun raster", 0, [0x59, 0xA6, 0x6A, 0x95]),
        ("DPX", 0, [.. "SDPX"u8]),
        ("DPX", 0, [.. "XPDS"u8]),
        ("Cineon", 0, [0x80, 0x2A, 0x5F, 0xD7]),
        ("FLIF", 0, [.. "FLIF"u8]),
        ("farbfeld", 0, [.. "farbfeld"u8]),
        ("XPM", 0, [.. "/* XPM */"u8]),
        ("a cursor animation", 8, [.. "ACON"u8]),
        ("video", 8, [.. "AVI "u8]),
        ("video", 0, [0x1A, 0x45, 0xDF, 0xA3]),
    ];

    public static string? FindName(ReadOnlySpan<byte> start)
    {
        foreach (var (name, at, magic) in Known)
        {
            if (start.Length > at && start[at..].StartsWith(magic))
            {
                return name;
            }
        }

        return MediaBrands.Of(start)?.Name
            ?? FindIconName(start)
            ?? FindSvgName(start);
    }

    // A TGA begins like an icon, and has a zero where an icon has the number of its images.
    private static string? FindIconName(ReadOnlySpan<byte> start) => start switch
    {
        [0, 0, 1, 0, > 0, 0, ..] => "ICO",
        [0, 0, 2, 0, > 0, 0, ..] => "CUR",
        _ => null,
    };

    private static string? FindSvgName(ReadOnlySpan<byte> start)
    {
        if (start is [0x1F, 0x8B, ..])
        {
            return "compressed (perhaps SVGZ)";
        }

        // UTF-16 has a zero in every other byte; without them the letters can be searched alike.
        var text = Encoding.Latin1.GetString(start).Replace("\0", "", StringComparison.Ordinal);

        return text.Contains("<svg", StringComparison.OrdinalIgnoreCase) && !text.Contains("<html", StringComparison.OrdinalIgnoreCase)
            ? "SVG"
            : null;
    }
}
