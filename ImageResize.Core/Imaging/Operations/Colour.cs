using System.Globalization;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>An opaque colour, written #rrggbb.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static Colour White { get; } = new(255, 255, 255);

    /// <summary>Brightness by the weights of ITU-R BT.709, 0 to 255.</summary>
    public double Luma => (0.2126 * Red) + (0.7152 * Green) + (0.0722 * Blue);

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
