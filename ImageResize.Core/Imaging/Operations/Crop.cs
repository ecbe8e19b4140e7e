using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>Cuts an image to a box, every frame at the same place.</summary>
internal sealed record Crop(int Width, int Height, Gravity Gravity) : Operation
{
    public override (int Width, int Height) GetResultSize(int width, int height) => (Math.Min(Width, width), Math.Min(Height, height));

    public override Image? Apply(Image image, int frames)
    {
        var (width, height) = (image.Width, image.Height / frames);
        var (cropWidth, cropHeight) = GetResultSize(width, height);
        if ((cropWidth, cropHeight) == (width, height))
        {
            return null;
        }

        var (left, top) = Gravity == Gravity.Attention
            ? FindAttention(image, height, cropWidth, cropHeight)
            : ((width - cropWidth) / 2, (height - cropHeight) / 2);

        return FrameStack.Map(image, frames, frame => frame.Crop(left, top, cropWidth, cropHeight));
    }

    private static (int Left, int Top) FindAttention(Image image, int height, int cropWidth, int cropHeight)
    {
        using var first = image.Crop(0, 0, image.Width, height);
        using var cut = first.Smartcrop(cropWidth, cropHeight, interesting: Enums.Interesting.Attention);

        return (-cut.Xoffset, -cut.Yoffset);
    }
}
