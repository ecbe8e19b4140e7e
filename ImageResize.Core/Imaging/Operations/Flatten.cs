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

        double[] background = image.Bands < 3 ? [Background.Luma] : [Background.Red, Background.Green, Background.Blue];
        return image.Flatten(background: background);
    }
}
