using NetVips;

namespace ImageResize.Core.Imaging;

/// <summary>
/// libjpeg goes on where data is missing or makes no sense, says so in a warning, and leaves the rest grey. It warns of harmless
/// things in the same way.
/// </summary>
internal static class JpegWarning
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

    /// <param name="read">Opens the JPEG and reads it, failing on what it is told to; where nothing but a harmless warning kept it, not on those.</param>
    /// <exception cref="VipsException">A part is missing.</exception>
    /// <exception cref="LastWords.NotOursException">There was a warning, and others are at work.</exception>
    public static T Heed<T>(Func<Enums.FailOn, T> read)
    {
        if (LastWords.AreOurs)
        {
            LastWords.Clear();
        }

        try
        {
            return read(Enums.FailOn.Warning);
        }
        catch (VipsException) when (!LastWords.AreOurs)
        {
            throw new LastWords.NotOursException();
        }
        catch (VipsException warning) when (Says(Harmless, warning) && !Says(Damage, warning))
        {
            return read(Enums.FailOn.Error);
        }
    }

    private static bool Says(string[] words, VipsException warning) =>
        Array.Exists(words, word => warning.Message.Contains(word, StringComparison.Ordinal));
}
