using System.Globalization;
using System.Text.RegularExpressions;
using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>
/// libjpeg goes on where data is missing or makes no sense, says so in a warning, and leaves the rest grey. It warns of harmless
/// things in the same way.
/// </summary>
internal static partial class JpegWarnings
{
    // Of bytes between segments, of versions and parameters that nobody heeds.
    private static readonly string[] Harmless =
    [
        "extraneous bytes", "Unknown Adobe color transform", "unknown JFIF revision", "Invalid SOS parameters",
        "Inconsistent progression sequence", "bad ICC marker",
    ];

    private static readonly string[] Damage =
    [
        "premature end", "Premature end", "bad Huffman code", "bad arithmetic code", "instead of RST",
    ];

    // So small a part of a file is an encoder's carelessness, and nothing that is missed.
    private const int CarelessShare = 50;

    /// <param name="read">Opens the JPEG and reads it, failing on what it is told to; where nothing but a harmless warning kept it, not on those.</param>
    /// <exception cref="VipsException">A part is missing.</exception>
    /// <exception cref="VipsErrorScope.ForeignErrorException">There was a warning, and others are at work.</exception>
    public static T Heed<T>(ReadOnlyMemory<byte> jpeg, Func<Enums.FailOn, T> read)
    {
        if (VipsErrorScope.AreOurs)
        {
            VipsErrorScope.Clear();
        }

        try
        {
            return read(Enums.FailOn.Warning);
        }
        catch (VipsException) when (!VipsErrorScope.AreOurs)
        {
            throw new VipsErrorScope.ForeignErrorException();
        }
        catch (VipsException warning) when (Says(Harmless, warning) && !Says(Damage, warning) && !HasLeftPixels(jpeg.Span, warning.Message))
        {
            return read(Enums.FailOn.Error);
        }
    }

    private static bool Says(string[] words, VipsException warning) =>
        Array.Exists(words, word => warning.Message.Contains(word, StringComparison.Ordinal));

    /// <summary>
    /// Whether bytes were left over where pixels end, as in a picture of which a part was lost. Some encoders fill up the place there, with
    /// the same byte again and again.
    /// </summary>
    private static bool HasLeftPixels(ReadOnlySpan<byte> jpeg, string warning)
    {
        if (LeftBeforeEnd().Match(warning) is not { Success: true } said
            || !int.TryParse(said.Groups["count"].ValueSpan, CultureInfo.InvariantCulture, out var count)
            || count <= jpeg.Length / CarelessShare)
        {
            return false;
        }

        var marker = byte.Parse(said.Groups["marker"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var alike = 0;
        for (var at = 0; at + 1 < jpeg.Length; at++)
        {
            if (alike >= count && jpeg[at] == 0xFF && jpeg[at + 1] == marker)
            {
                return false;
            }

            alike = at > 0 && jpeg[at] == jpeg[at - 1] ? alike + 1 : 1;
        }

        return true;
    }

    /// <summary>The end of the image, or of a restart interval.</summary>
    [GeneratedRegex("(?<count>[0-9]+) extraneous bytes before marker 0x(?<marker>d[0-79])")]
    private static partial Regex LeftBeforeEnd();
}
