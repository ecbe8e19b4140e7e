using System.Drawing;
using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>Where an animation draws a frame.</summary>
/// <param name="IsCleared">Whether the rectangle is transparent again before the next frame.</param>
/// <param name="IsUndone">Whether the canvas is as before again before the next frame.</param>
internal readonly record struct FramePlace(Rectangle Rectangle, bool IsCleared, bool IsUndone);

/// <summary>
/// Finds the pixels that no frame of an animation has drawn yet. Viewers show them as transparent. libvips makes them black if no frame
/// has a transparent pixel.
/// </summary>
internal static class FrameCoverage
{
    /// <param name="places">Of the frames that are decoded, from the first.</param>
    /// <returns>255 where something is drawn, else 0, one frame below the other; null if all of every frame is drawn.</returns>
    public static byte[]? FindMask(IReadOnlyList<FramePlace> places, int width, int height)
    {
        var canvas = new Rectangle(0, 0, width, height);
        if (places.Count == 0 || (places[0].Rectangle.Contains(canvas) && !places.SkipLast(1).Any(place => place.IsCleared)))
        {
            return null;
        }

        var pixels = width * height;
        var mask = new byte[(long)pixels * places.Count];
        var drawn = new byte[pixels];
        for (var frame = 0; frame < places.Count; frame++)
        {
            var place = places[frame];
            var rectangle = Rectangle.Intersect(place.Rectangle, canvas);
            var current = mask.AsSpan(frame * pixels, pixels);
            drawn.CopyTo(current);
            Fill(current, width, rectangle, byte.MaxValue);
            if (place.IsCleared)
            {
                Fill(drawn, width, rectangle, 0);
            }
            else if (!place.IsUndone)
            {
                Fill(drawn, width, rectangle, byte.MaxValue);
            }
        }

        return mask.AsSpan().ContainsAnyExcept(byte.MaxValue) ? mask : null;
    }

    /// <param name="image">In memory, with all frames.</param>
    /// <returns>A new image, with alpha.</returns>
    public static Image Apply(Image image, byte[] mask)
    {
        using var drawn = Image.NewFromMemory(mask, image.Width, image.Height, bands: 1, Enums.BandFormat.Uchar);
        if (!image.HasAlpha())
        {
            return image.Bandjoin(drawn);
        }

        using var colours = image.ExtractBand(0, n: image.Bands - 1);
        using var alpha = image.ExtractBand(image.Bands - 1);
        using var visible = alpha & drawn;
        return colours.Bandjoin(visible);
    }

    private static void Fill(Span<byte> canvas, int width, Rectangle rectangle, byte value)
    {
        for (var y = rectangle.Top; y < rectangle.Bottom; y++)
        {
            canvas.Slice((y * width) + rectangle.Left, rectangle.Width).Fill(value);
        }
    }
}
