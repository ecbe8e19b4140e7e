namespace ImageResize.Core.Imaging;

/// <summary>Which of libjpeg's warnings mean that a part of the picture is missing.</summary>
internal static class JpegWarning
{
    // Others are of bytes between segments, of versions and parameters that nobody heeds.
    private static readonly string[] Damage =
    [
        "premature end", "Premature end", "bad Huffman code", "bad arithmetic code", "instead of RST",
    ];

    /// <param name="message">What libvips said when it was told to fail on warnings.</param>
    public static bool IsHarmless(string message) =>
        !Array.Exists(Damage, damage => message.Contains(damage, StringComparison.Ordinal));
}
