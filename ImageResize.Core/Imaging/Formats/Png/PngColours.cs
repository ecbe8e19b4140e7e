using System.Buffers.Binary;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Formats.Png;

/// <summary>
/// Reads the colours that a PNG describes by numbers, which libvips ignores. The first of cICP, iCCP, sRGB and gAMA with cHRM counts (PNG,
/// third edition, 4.3).
/// </summary>
internal static class PngColours
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;
    private const double Unit = 100_000;

    /// <summary>The gamma that encoders write for sRGB, and how far others round it.</summary>
    private const double SrgbGamma = 0.45455;
    private const double GammaTolerance = 0.0006;

    /// <returns>Null if the image has none, or an ICC profile counts.</returns>
    public static DeclaredColours? Find(ReadOnlySpan<byte> png)
    {
        double? gamma = null;
        Chromaticities? primaries = null;
        DeclaredColours? codes = null;
        var hasProfile = false;
        for (var at = SignatureLength; TryRead(png, at, out var name, out var content); at += content.Length + ChunkOverhead)
        {
            if (name.SequenceEqual("IDAT"u8))
            {
                break;
            }

            if (name.SequenceEqual("cICP"u8) && content.Length == 4)
            {
                codes ??= DeclaredColours.FromCicp(content[0], content[1]);
            }
            else if (name.SequenceEqual("iCCP"u8) || name.SequenceEqual("sRGB"u8))
            {
                hasProfile = true;
            }
            else if (name.SequenceEqual("gAMA"u8) && content.Length == 4)
            {
                gamma ??= Number(content, 0);
            }
            else if (name.SequenceEqual("cHRM"u8) && content.Length == 32)
            {
                primaries ??= new Chromaticities(
                    White: Light(content, 0), Red: Light(content, 1), Green: Light(content, 2), Blue: Light(content, 3));
            }
        }

        return codes ?? (hasProfile ? null : FromGamma(gamma, primaries));
    }

    private static DeclaredColours? FromGamma(double? gamma, Chromaticities? primaries)
    {
        // Encoders that do not know the gamma write 0 or nonsense.
        var isKnown = gamma is >= 0.1 and <= 10 && Math.Abs(gamma.Value - SrgbGamma) > GammaTolerance;

        return isKnown || primaries is not null
            ? new DeclaredColours(primaries ?? Chromaticities.Srgb, isKnown ? 1 / gamma : null)
            : null;
    }

    private static bool TryRead(ReadOnlySpan<byte> png, int at, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        name = content = default;
        if (at > png.Length - ChunkOverhead
            || BinaryPrimitives.ReadInt32BigEndian(png[at..]) is var length && (length < 0 || length > png.Length - at - ChunkOverhead))
        {
            return false;
        }

        name = png.Slice(at + 4, 4);
        content = png.Slice(at + 8, length);
        return true;
    }

    private static Chromaticity Light(ReadOnlySpan<byte> content, int index) =>
        new(Number(content, 8 * index), Number(content, (8 * index) + 4));

    private static double Number(ReadOnlySpan<byte> content, int at) => BinaryPrimitives.ReadUInt32BigEndian(content[at..]) / Unit;
}
