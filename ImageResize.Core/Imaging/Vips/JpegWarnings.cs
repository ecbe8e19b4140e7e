using System.Globalization;
using System.Text.RegularExpressions;
using ImageResize.Core.Imaging.Jpeg.Segments;
using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>
/// Distinguishes libjpeg's warnings about missing pixels from harmless ones. libjpeg continues after missing or invalid data, leaves the
/// rest of the image grey and reports it as a warning, as it reports harmless deviations.
/// </summary>
internal static partial class JpegWarnings
{
    // Bytes between segments, and versions and parameters that decoders ignore.
    private static readonly string[] Harmless =
    [
        "extraneous bytes", "Unknown Adobe color transform", "unknown JFIF revision", "Invalid SOS parameters",
        "Inconsistent progression sequence", "bad ICC marker",
    ];

    private static readonly string[] Damage =
    [
        "premature end", "Premature end", "bad Huffman code", "bad arithmetic code", "instead of RST",
    ];

    private const string NoEnd = "end of JPEG";

    private static readonly byte[] EndOfImage = [0xFF, Marker.EndOfImage];

    // Unused bytes up to this fraction of a file are an encoder's filling and not lost pixels.
    private const int UnusedBytesDivisor = 50;

    /// <summary>Reads a JPEG and fails if pixels are missing, but not on harmless warnings.</summary>
    /// <param name="read">Opens and reads the bytes, which are the JPEG or a repaired copy. Called again, without failing on warnings, if
    /// the only warning was harmless.</param>
    /// <exception cref="VipsException">Pixels are missing.</exception>
    /// <exception cref="VipsErrorScope.ForeignErrorException">There was a warning while other images were being decoded.</exception>
    public static T FailOnDamage<T>(ReadOnlyMemory<byte> jpeg, Func<ReadOnlyMemory<byte>, Enums.FailOn, T> read)
    {
        if (VipsErrorScope.IsExclusive)
        {
            VipsErrorScope.Clear();
        }

        try
        {
            return read(jpeg, Enums.FailOn.Warning);
        }
        catch (VipsException) when (!VipsErrorScope.IsExclusive)
        {
            throw new VipsErrorScope.ForeignErrorException();
        }
        catch (VipsException warning) when (
            Contains(warning, [NoEnd]) && !jpeg.Span.EndsWith(EndOfImage) && ScanCoverage.IsComplete(jpeg.Span))
        {
            return ReadWithEnd(jpeg, read);
        }
        catch (VipsException warning) when (
            Contains(warning, Harmless) && !Contains(warning, Damage) && !HasLostPixels(jpeg.Span, warning.Message))
        {
            return read(jpeg, Enums.FailOn.Error);
        }
    }

    /// <summary>With an end marker, libjpeg reports whether pixels are missing before it. libvips does not fail on the last rows.</summary>
    private static T ReadWithEnd<T>(ReadOnlyMemory<byte> jpeg, Func<ReadOnlyMemory<byte>, Enums.FailOn, T> read)
    {
        VipsErrorScope.Clear();
        var result = read((byte[])[.. jpeg.Span, .. EndOfImage], Enums.FailOn.Warning);
        var warnings = new VipsException("");
        if (!Contains(warnings, Damage))
        {
            return result;
        }

        (result as IDisposable)?.Dispose();
        throw warnings;
    }

    private static bool Contains(VipsException warning, string[] phrases) =>
        Array.Exists(phrases, phrase => warning.Message.Contains(phrase, StringComparison.Ordinal));

    /// <summary>
    /// Whether unused bytes follow the last pixel, as in an image of which a part was lost. Some encoders fill that place by repeating
    /// one byte.
    /// </summary>
    private static bool HasLostPixels(ReadOnlySpan<byte> jpeg, string warning)
    {
        if (UnusedBytes().Match(warning) is not { Success: true } match
            || !int.TryParse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture, out var count)
            || count <= jpeg.Length / UnusedBytesDivisor)
        {
            return false;
        }

        var marker = byte.Parse(match.Groups["marker"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var repeated = 0;
        for (var at = 0; at + 1 < jpeg.Length; at++)
        {
            if (repeated >= count && jpeg[at] == 0xFF && jpeg[at + 1] == marker)
            {
                return false;
            }

            repeated = at > 0 && jpeg[at] == jpeg[at - 1] ? repeated + 1 : 1;
        }

        return true;
    }

    /// <summary>The end of the image, or of a restart interval.</summary>
    [GeneratedRegex("(?<count>[0-9]+) extraneous bytes before marker 0x(?<marker>d[0-79])")]
    private static partial Regex UnusedBytes();
}
