using System.Text;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// Recognizes camera raw files that are TIFFs. Their first page is a small preview, or has the sensor's own pixels, which no TIFF decoder
/// reads.
/// </summary>
internal static class CameraRaw
{
    private const ulong Preview = 1;
    private const ulong SensorPixels = 32803;
    private const ulong LinearPixels = 34892;

    private static readonly (string Make, string Name)[] Makes =
    [
        ("NIKON", "Nikon raw (NEF)"),
        ("Canon", "Canon raw (CR2)"),
        ("SONY", "Sony raw (ARW)"),
        ("PENTAX", "Pentax raw (PEF)"),
        ("RICOH", "Pentax raw (PEF)"),
        ("SAMSUNG", "Samsung raw (SRW)"),
        ("Hasselblad", "Hasselblad raw (3FR)"),
        ("Phase One", "Phase One raw (IIQ)"),
        ("Kodak", "Kodak raw (DCR)"),
        ("EASTMAN", "Kodak raw (DCR)"),
        ("SEIKO EPSON", "Epson raw (ERF)"),
        ("Mamiya", "Mamiya raw (MEF)"),
        ("Leaf", "Leaf raw (MOS)"),
        ("OLYMPUS", "Olympus raw (ORF)"),
        ("Panasonic", "Panasonic raw (RW2)"),
    ];

    /// <param name="file">A file, or its start: a directory that is not in it is not considered.</param>
    /// <returns>Null if the file is an ordinary TIFF.</returns>
    public static string? FindName(ReadOnlySpan<byte> file)
    {
        if (file.Length >= 12 && file[8..].StartsWith("CR"u8))
        {
            return "Canon raw (CR2)";
        }

        if (file.Length >= 12 && file[8..].StartsWith("IIII"u8))
        {
            return "Phase One raw (IIQ)";
        }

        if (TiffDirectory.Has(file, TiffTag.DngVersion))
        {
            return "camera raw (DNG)";
        }

        return HasSensorPixels(file) ? FindMake(file) : null;
    }

    // Ordinary TIFFs with several sizes have the largest first.
    private static bool HasSensorPixels(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Photometric) is [SensorPixels or LinearPixels, ..]
        || TiffDirectory.Read(file, TiffTag.Compression) is [32767 or 32769 or 32770 or 34713 or 65000 or 65535, ..]
        || (TiffDirectory.Read(file, TiffTag.PageKind) is [var kind, ..]
            && (kind & Preview) != 0
            && TiffDirectory.Has(file, TiffTag.SubDirectories));

    private static string FindMake(ReadOnlySpan<byte> file)
    {
        var make = TiffDirectory.Read(file, TiffTag.Make).Select(letter => (byte)letter).ToArray();
        var text = Encoding.Latin1.GetString(make);

        return Array.Find(Makes, known => text.StartsWith(known.Make, StringComparison.OrdinalIgnoreCase)).Name ?? "camera raw";
    }
}
