using System.Runtime.InteropServices;
using NetVips;

namespace ImageResize.Core.Imaging.Formats.Png;

/// <summary>
/// Writes thumbnails of PNGs that have a palette or fewer than 8 bits a channel in the same way, which takes a half to a tenth of the
/// bytes. A resized image has colours between those of its source, so it gets a larger palette.
/// </summary>
internal static class PngPalette
{
    private const int MaxColours = 256;

    /// <returns>Null if the source was an ordinary image.</returns>
    public static byte[]? TryWrite(Image image, Enums.ForeignKeep keep)
    {
        if (!HasFewColours(image))
        {
            return null;
        }

        var colours = CountColours(image.WriteToMemory<byte>(), image.Bands);
        var isBlackAndWhite = colours <= 2 && image.Bands == 1 && image.Min() is 0 or 255 && image.Max() is 0 or 255;

        return isBlackAndWhite
            ? image.PngsaveBuffer(bitdepth: 1, keep: keep)
            : image.PngsaveBuffer(palette: true, bitdepth: GetBits(image, colours), q: 100, dither: 0, keep: keep);
    }

    private static bool HasFewColours(Image image) =>
        image.Format == Enums.BandFormat.Uchar
        && image.Contains("vips-loader")
        && image.Get("vips-loader") is "pngload" or "pngload_buffer" or "pngload_source"
        && (image.Contains("palette") || (image.Contains("bits-per-sample") && image.Get("bits-per-sample") is int and < 8));

    // Black and white becomes the greys between them, of which 16 are enough.
    private static int GetBits(Image image, int colours) => colours switch
    {
        <= 2 => 1,
        <= 4 => 2,
        <= 16 => 4,
        _ when !image.Contains("palette") && image.Get("bits-per-sample") is 1 => 4,
        _ => 8,
    };

    private static int CountColours(ReadOnlySpan<byte> pixels, int bands)
    {
        var colours = new HashSet<uint>();
        Span<byte> pixel = stackalloc byte[sizeof(uint)];
        for (; pixels.Length >= bands && colours.Count <= MaxColours; pixels = pixels[bands..])
        {
            pixels[..bands].CopyTo(pixel);
            colours.Add(MemoryMarshal.Read<uint>(pixel));
        }

        return colours.Count;
    }
}
