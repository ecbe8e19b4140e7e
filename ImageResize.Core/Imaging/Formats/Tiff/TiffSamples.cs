using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// Selects a TIFF's colours and its alpha from the samples of a pixel. ExtraSamples says which samples after the colours are alpha; others
/// are masks or spot inks. libvips takes the last sample for alpha, whatever it is.
/// </summary>
internal static class TiffSamples
{
    private const ulong Rgb = 2;
    private const ulong Palette = 3;
    private const ulong Inks = 5;
    private const ulong Unspecified = 0;
    private const ulong Associated = 1;
    private const ulong Unsigned = 1;
    private const ulong Fractions = 3;

    /// <returns>An image with the colours and at most an alpha; null if <paramref name="stored"/> is one already.</returns>
    public static Image? Select(Image stored, ReadOnlySpan<byte> file)
    {
        var extras = CountExtras(file);
        var colours = stored.Bands - extras;
        var isMapped = First(file, TiffTag.Photometric) == Palette;
        if (extras == 0 || colours < 1 || (!isMapped && (ulong)stored.Bands != First(file, TiffTag.Channels)))
        {
            // A decoder that converts to red, green, blue and alpha has selected already.
            return null;
        }

        var alpha = FindAlpha(file, extras);
        if (alpha == 0 && extras == 1)
        {
            return null;
        }

        using var selected = stored.ExtractBand(0, n: colours);
        using var joined = alpha is { } index ? Join(selected, stored, colours + index) : null;
        return (joined ?? selected).Copy(interpretation: stored.Interpretation);
    }

    /// <summary>Whether colours are multiplied by their alpha and libvips divides them wrongly: it takes any alpha for one of 8 or 16
    /// bits, and the numbers of palette entries for colours.</summary>
    public static bool HasOddAssociatedAlpha(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.ExtraChannels).Contains(Associated)
        && (First(file, TiffTag.Photometric), First(file, TiffTag.NumberFormat)) switch
        {
            (Palette, _) => true,
            (Rgb, Fractions) => false,
            (_, null or Unsigned) => First(file, TiffTag.Bits) > 16,
            _ => true,
        };

    /// <summary>A copy whose extra samples are not described, so that libvips returns them as they are.</summary>
    public static byte[] WithoutDescription(ReadOnlySpan<byte> file)
    {
        var layout = TiffLayout.Of(file);
        return TiffCopy.Write(file, layout, TiffCopy.Keep(file, layout, tag => tag != TiffTag.ExtraChannels), []);
    }

    /// <summary>Divides the colours by the alpha if they are stored premultiplied.</summary>
    /// <param name="image">With 8 bits a channel.</param>
    /// <returns>A new image.</returns>
    public static Image Divide(Image image, ReadOnlySpan<byte> file) =>
        First(file, TiffTag.Photometric) == Palette || !image.HasAlpha() ? image.Copy() : Libvips.Unpremultiply(image);

    private static Image Join(Image colours, Image stored, int alpha)
    {
        using var band = stored.ExtractBand(alpha);
        return colours.Bandjoin(band);
    }

    private static int CountExtras(ReadOnlySpan<byte> file)
    {
        ulong? colours = First(file, TiffTag.Photometric) switch
        {
            0 or 1 or Palette => 1,
            2 or 6 or 8 or 9 or 10 => 3,
            Inks => 4,
            _ => null,
        };
        var channels = First(file, TiffTag.Channels);

        return channels > colours && channels - colours <= int.MaxValue ? (int)(channels - colours) : 0;
    }

    /// <returns>The index of the alpha among the extra samples; null if none is one. A single sample of RGB or grey that the file does not
    /// describe is alpha.</returns>
    private static int? FindAlpha(ReadOnlySpan<byte> file, int extras)
    {
        var kinds = TiffDirectory.Read(file, TiffTag.ExtraChannels);
        if (kinds.Count == 0)
        {
            return extras == 1 && First(file, TiffTag.Photometric) != Inks ? 0 : null;
        }

        var index = kinds.Take(extras).ToList().FindIndex(kind => kind != Unspecified);
        return index < 0 ? null : index;
    }

    private static ulong? First(ReadOnlySpan<byte> file, int tag) => TiffDirectory.Read(file, tag) is [var number, ..] ? number : null;
}
