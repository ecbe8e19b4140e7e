using System.Globalization;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>An opaque colour, written #rrggbb.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static Colour White { get; } = new(255, 255, 255);

    public bool IsGrey => Red == Green && Green == Blue;

    public static bool TryParse(string? text, out Colour colour)
    {
        colour = White;
        if (text is not ['#', _, _, _, _, _, _]
            || !uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
        {
            return false;
        }

        colour = new Colour((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return true;
    }
}
