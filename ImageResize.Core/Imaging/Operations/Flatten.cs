using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>Puts a colour behind transparent pixels, for formats that have no transparency.</summary>
internal sealed record Flatten(Colour Background) : Operation
{
    public override Image? Apply(Image image, int frames)
    {
        if (!image.HasAlpha())
        {
            return null;
        }

        if (image.Bands >= 3)
        {
            return image.Flatten(background: [Background.Red, Background.Green, Background.Blue]);
        }

        if (Background.IsGrey)
        {
            return image.Flatten(background: [Background.Red]);
        }

        using var colour = image.Colourspace(Enums.Interpretation.Srgb);
        return colour.Flatten(background: [Background.Red, Background.Green, Background.Blue]);
    }
}
