using NetVips;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// Makes ordinary pixels of two kinds that libvips passes on as they lie in a TIFF: brightness and colour differences, which
/// it shows as red, green and blue, and numbers of 32 bits or more, which it cuts off at 255.
/// </summary>
internal static class TiffColours
{
    private const ulong Differences = 6;

    /// <returns>Null when the pixels are ordinary.</returns>
    public static Image? Find(Image stored, ReadOnlySpan<byte> file, Func<Image> decode) =>
        HasDifferences(file) && stored.Bands == 3 ? ToRgb(stored)
        : HasLargeNumbers(stored) ? ToBytes(decode)
        : null;

    // A JPEG inside a TIFF is made red, green and blue by its own decoder; where pixels share their colours, libvips does it,
    // and gives four numbers a pixel.
    private static bool HasDifferences(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Photometric) is [Differences, ..] && TiffDirectory.Read(file, TiffTag.Compression) is not [6 or 7, ..];

    // Colours as fractions are known to libvips: they are linear light.
    private static bool HasLargeNumbers(Image image) =>
        image.Interpretation is Enums.Interpretation.Bw or Enums.Interpretation.Srgb or Enums.Interpretation.Multiband
        && (image.Format is Enums.BandFormat.Uint or Enums.BandFormat.Int
            || (image.Format is Enums.BandFormat.Float or Enums.BandFormat.Double && image.Bands < 3));

    private static Image ToRgb(Image stored)
    {
        using var centred = stored - new double[] { 0, 128, 128 };
        using var matrix = Image.NewFromArray(new[,] { { 1, 0, 1.402 }, { 1, -0.344136, -0.714136 }, { 1, 1.772, 0 } });
        using var mixed = centred.Recomb(matrix);
        using var bytes = mixed.Cast(Enums.BandFormat.Uchar);

        return bytes.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    // Nothing in a TIFF says which number is white; the fullest of the usual ranges does that holds the largest of them.
    private static Image ToBytes(Func<Image> decode)
    {
        using var decoded = decode();
        var white = decoded.Max() switch
        {
            <= 1 when decoded.Format is Enums.BandFormat.Float or Enums.BandFormat.Double => 1,
            <= byte.MaxValue => byte.MaxValue,
            <= ushort.MaxValue => ushort.MaxValue,
            _ => (double)uint.MaxValue,
        };
        using var scaled = decoded * (byte.MaxValue / white);
        using var bytes = scaled.Cast(Enums.BandFormat.Uchar);

        return bytes.CopyMemory();
    }
}
