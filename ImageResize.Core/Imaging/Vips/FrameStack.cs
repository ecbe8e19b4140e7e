using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>libvips holds an animation as one tall image, frame below frame. Applies a change to each frame.</summary>
internal static class FrameStack
{
    /// <returns>A new image. The caller disposes of it and of <paramref name="image"/>.</returns>
    public static Image Map(Image image, int frames, Func<Image, Image> change)
    {
        if (frames == 1)
        {
            return change(image);
        }

        var height = image.Height / frames;
        var changed = new List<Image>(frames);
        try
        {
            for (var i = 0; i < frames; i++)
            {
                using var frame = image.Crop(0, i * height, image.Width, height);
                changed.Add(change(frame));
            }

            using var joined = Image.Arrayjoin([.. changed], across: 1);
            return joined.Mutate(stack => stack.Set(GValue.GIntType, "page-height", changed[0].Height));
        }
        finally
        {
            changed.ForEach(frame => frame.Dispose());
        }
    }
}
