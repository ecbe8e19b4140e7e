namespace ImageResize.Core.Imaging;

/// <summary>Why a picture was refused, in the words that callers can rely on.</summary>
public static class RefusalCode
{
    /// <summary>The bytes are no image that we know.</summary>
    public const string NotAnImage = "not_an_image";

    /// <summary>An image, in a format that we do not read (SVG, PDF, HEIC...); the message names it.</summary>
    public const string UnsupportedFormat = "unsupported_format";

    /// <summary>More pixels, frames or bytes than the settings allow.</summary>
    public const string TooLarge = "too_large";

    /// <summary>The header reads, the pixels do not.</summary>
    public const string Damaged = "damaged";

    /// <summary>The decoder needs longer than the settings allow.</summary>
    public const string TooSlow = "too_slow";

    /// <summary>The decoder dies of it, each time.</summary>
    public const string DecoderCrashed = "decoder_crashed";
}
