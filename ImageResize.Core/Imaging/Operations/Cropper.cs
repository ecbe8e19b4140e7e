using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>Cuts a resized picture to its box, every frame at the same place.</summary>
internal static class Cropper
{
    /// <returns>A new image, or none when there is nothing to cut.</returns>
    public static Image? Crop(Image image, TargetSize size, int frames, Gravity gravity)
    {
        if (size.CropWidth == size.Width && size.CropHeight == size.Height)
        {
            return null;
        }

        var (left, top) = gravity == Gravity.Attention
            ? FindAttention(image, size)
            : ((size.Width - size.CropWidth) / 2, (size.Height - size.CropHeight) / 2);

        return FrameStack.Map(image, frames, frame => frame.Crop(left, top, size.CropWidth, size.CropHeight));
    }

    private static (int Left, int Top) FindAttention(Image image, TargetSize size)
    {
        using var first = image.Crop(0, 0, size.Width, size.Height);
        using var cut = first.Smartcrop(size.CropWidth, size.CropHeight, interesting: Enums.Interesting.Attention);

        return (-cut.Xoffset, -cut.Yoffset);
    }
}
