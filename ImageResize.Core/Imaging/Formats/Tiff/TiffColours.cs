using NetVips;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// Converts two kinds of pixels that libvips does not convert: luma and chroma (YCbCr), which it takes for red, green and blue, and samples
/// of 32 bits or more, which it clips at 255.
/// </summary>
internal static class TiffColours
{
    private const ulong Ycbcr = 6;

    /// <returns>Null if the pixels need no conversion.</returns>
    public static Image? Find(Image stored, ReadOnlySpan<byte> file, Func<Image> decode) =>
        IsYcbcr(file) && stored.Bands == 3 ? ToRgb(stored)
        : HasLargeSamples(stored) ? ToBytes(decode)
        : null;

    // The decoder of a JPEG inside a TIFF converts to RGB itself. If pixels share their chroma, libvips converts, and returns four bands.
    private static bool IsYcbcr(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Photometric) is [Ycbcr, ..] && TiffDirectory.Read(file, TiffTag.Compression) is not [6 or 7, ..];

    // libvips reads fractions in three bands as linear light.
    private static bool HasLargeSamples(Image image) =>
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

    // A TIFF does not tell which number is white, so the smallest usual range that contains the largest sample is taken.
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
