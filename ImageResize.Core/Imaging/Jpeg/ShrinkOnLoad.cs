namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Chooses how many samples of each block to decode, so that every plane has enough for the thumbnail.</summary>
internal static class ShrinkOnLoad
{
    /// <summary>
    /// Samples for each pixel of the thumbnail, across and down, for files no worse than libvips' (docs/decisions/jpeg-fast-path.md).
    /// Chroma is written at half size.
    /// </summary>
    private const double LumaMargin = 1.55;
    private const double ChromaMargin = 0.5;

    /// <summary>False when the thumbnail needs more than 2 x 2 samples of a block: a general decoder does that as well.</summary>
    public static bool TryChoose(JpegFrame frame, bool isRgb, int width, int height, Span<int> scales)
    {
        for (var index = 0; index < frame.Components.Length; index++)
        {
            var component = frame.Components[index];
            var across = frame.Width * (double)component.HorizontalFactor / (8 * frame.MaxHorizontalFactor * width);
            var down = frame.Height * (double)component.VerticalFactor / (8 * frame.MaxVerticalFactor * height);

            var samples = Math.Min(across, down);
            var margin = index == 0 || isRgb ? LumaMargin : ChromaMargin;
            scales[index] = samples >= margin ? 1 : 2;
            if (samples * scales[index] < margin || (scales[index] > 1 && frame.IsProgressive))
            {
                return false;
            }
        }

        return true;
    }
}
