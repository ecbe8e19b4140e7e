using NetVips;

namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// Converts pixels that libvips does not convert: luma and chroma (YCbCr), which it takes for red, green and blue; samples of 32 bits,
/// fractions and signed numbers, which it clips; and alpha beside inks of 16 bits, which it clips as well.
/// </summary>
internal static class TiffColours
{
    private const ulong WhiteIsZero = 0;
    private const ulong Ycbcr = 6;

    /// <param name="decode">Gets the pixels of <paramref name="image"/> into memory.</param>
    /// <returns>Null if the pixels need no conversion.</returns>
    public static Image? Find(Image image, ReadOnlySpan<byte> file, Func<Image> decode) =>
        IsYcbcr(file) && image.Bands == 3 ? ToRgb(image)
        : HasOddNumbers(image) ? ToBytes(decode, TiffDirectory.Read(file, TiffTag.Photometric) is [WhiteIsZero, ..])
        : image.Interpretation == Enums.Interpretation.Cmyk && image.Format == Enums.BandFormat.Ushort
            ? image.Cast(Enums.BandFormat.Uchar, shift: true)
        : null;

    /// <summary>Whether libvips gets the alpha wrong: it takes CIELAB for signed numbers, and the alpha as well.</summary>
    public static bool HasSignedAlpha(Image image) => image.Interpretation == Enums.Interpretation.Labs && image.Bands > 3;

    /// <returns>The name of a kind of YCbCr that libtiff does not open, or that is not converted here; otherwise null.</returns>
    public static string? FindUnreadYcbcr(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Photometric) is not [Ycbcr, ..] ? null
        : TiffDirectory.Read(file, TiffTag.Channels) is [> 3, ..] ? "a TIFF in YCbCr colours with transparency or other channels"
        : TiffDirectory.Read(file, TiffTag.Bits) is [> 8, ..] ? "a TIFF in YCbCr colours of more than 8 bits"
        : null;

    // The decoder of a JPEG inside a TIFF converts to RGB itself. If pixels share their chroma, libvips converts, and returns four bands.
    private static bool IsYcbcr(ReadOnlySpan<byte> file) =>
        TiffDirectory.Read(file, TiffTag.Photometric) is [Ycbcr, ..] && TiffDirectory.Read(file, TiffTag.Compression) is not [6 or 7, ..];

    // libvips reads fractions in three bands as linear light.
    private static bool HasOddNumbers(Image image) =>
        image.Format is not (Enums.BandFormat.Uchar or Enums.BandFormat.Ushort)
        && image.Interpretation is Enums.Interpretation.Bw or Enums.Interpretation.Grey16 or Enums.Interpretation.Srgb
            or Enums.Interpretation.Rgb16 or Enums.Interpretation.Multiband or Enums.Interpretation.Cmyk;

    private static bool HasFractions(Image image) => image.Format is Enums.BandFormat.Float or Enums.BandFormat.Double;

    private static Image ToRgb(Image stored)
    {
        using var centred = stored - new double[] { 0, 128, 128 };
        using var matrix = Image.NewFromArray(new[,] { { 1, 0, 1.402 }, { 1, -0.344136, -0.714136 }, { 1, 1.772, 0 } });
        using var mixed = centred.Recomb(matrix);
        using var bytes = mixed.Cast(Enums.BandFormat.Uchar);

        return bytes.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>
    /// A TIFF does not declare which number is white, so the smallest usual range that contains the largest sample is taken; if some are
    /// negative, the whole range of their type. Fractions have an alpha up to 1, whatever the range of their colours is.
    /// </summary>
    private static Image ToBytes(Func<Image> decode, bool isWhiteZero)
    {
        using var decoded = decode();
        var isSigned = decoded.Format is Enums.BandFormat.Char or Enums.BandFormat.Short or Enums.BandFormat.Int;
        var isNegative = isSigned && decoded.Min() < 0;
        var scale = isNegative ? byte.MaxValue / (FindLargest(decoded.Format) * 2 + 1) : byte.MaxValue / FindWhite(decoded);
        var scales = Enumerable.Repeat(scale, decoded.Bands).ToArray();
        var offsets = Enumerable.Repeat(isNegative ? (FindLargest(decoded.Format) + 1) * scale : 0, decoded.Bands).ToArray();
        if (HasFractions(decoded) && decoded.HasAlpha())
        {
            scales[^1] = byte.MaxValue;
        }

        // libvips inverts unsigned numbers itself.
        if (isWhiteZero && (isSigned || HasFractions(decoded)))
        {
            (scales[0], offsets[0]) = (-scale, byte.MaxValue - offsets[0]);
        }

        using var scaled = decoded.Linear(scales, offsets);
        using var bytes = scaled.Cast(Enums.BandFormat.Uchar);
        using var named = bytes.Copy(interpretation: GetInterpretation(decoded.Interpretation));

        return named.CopyMemory();
    }

    private static double FindLargest(Enums.BandFormat format) => format switch
    {
        Enums.BandFormat.Char => sbyte.MaxValue,
        Enums.BandFormat.Short => short.MaxValue,
        _ => int.MaxValue,
    };

    private static double FindWhite(Image image) => image.Max() switch
    {
        <= 1 when HasFractions(image) => 1,
        <= byte.MaxValue => byte.MaxValue,
        <= ushort.MaxValue => ushort.MaxValue,
        _ => uint.MaxValue,
    };

    private static Enums.Interpretation GetInterpretation(Enums.Interpretation stored) => stored switch
    {
        Enums.Interpretation.Grey16 => Enums.Interpretation.Bw,
        Enums.Interpretation.Rgb16 => Enums.Interpretation.Srgb,
        _ => stored,
    };
}
