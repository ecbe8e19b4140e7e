using ImageResize.Core.Imaging.Jpeg.Frames;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Chooses the number of samples to decode of each block, so that every plane has enough for the thumbnails.</summary>
internal static class ShrinkOnLoad
{
    /// <summary>
    /// Samples per thumbnail pixel, across and down, that give files no worse than libvips' (docs/decisions/jpeg-fast-path.md). Chroma is
    /// written at half size.
    /// </summary>
    private const double LumaMargin = 1.55;
    private const double ChromaMargin = 0.5;

    /// <summary>
    /// Where there is no chroma whose halving is the greater loss, one sample a block suffices from here on; of four LumaMargin does.
    /// </summary>
    private const double GrayMargin = 2;

    /// <summary>
    /// Raises the scales, by component, to what a thumbnail of this size needs. False when that is more than 2 x 2 samples of a block: a
    /// general decoder does that as well.
    /// </summary>
    public static bool TryRaise(Span<int> scales, JpegFrame frame, bool isRgb, int width, int height)
    {
        var isGray = frame.Components.Length == 1;
        for (var index = 0; index < frame.Components.Length; index++)
        {
            var component = frame.Components[index];
            var across = frame.Width * (double)component.HorizontalFactor / (8 * frame.MaxHorizontalFactor * width);
            var down = frame.Height * (double)component.VerticalFactor / (8 * frame.MaxVerticalFactor * height);

            var samples = Math.Min(across, down);
            var margin = index == 0 || isRgb ? LumaMargin : ChromaMargin;
            var scale = samples >= (isGray ? GrayMargin : margin) ? 1 : 2;
            if (samples * scale < margin || (scale > 1 && frame.IsProgressive))
            {
                return false;
            }

            scales[index] = Math.Max(scales[index], scale);
        }

        return true;
    }
}
