namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Chooses how many samples of each block to decode, so that every plane has enough for the thumbnail.</summary>
internal static class ShrinkOnLoad
{
    public static double LumaMargin = 2;
    public static double ChromaMargin = 1;

    /// <summary>False when a general decoder does as well.</summary>
    public static bool TryChoose(JpegFrame frame, int width, int height, Span<int> scales)
    {
        for (var index = 0; index < frame.Components.Length; index++)
        {
            var component = frame.Components[index];
            var across = frame.Width * (double)component.HorizontalFactor / (8 * frame.MaxHorizontalFactor * width);
            var down = frame.Height * (double)component.VerticalFactor / (8 * frame.MaxVerticalFactor * height);

            // Samples for each pixel of the thumbnail, when one is decoded of each block.
            var samples = Math.Min(across, down);
            var margin = index == 0 || frame.Components.Length == 1 ? LumaMargin : ChromaMargin;
            scales[index] = samples >= margin ? 1 : samples * 2 >= margin ? 2 : samples * 4 >= margin ? 4 : 0;
            if (scales[index] == 0 || (scales[index] > 1 && frame.IsProgressive))
            {
                return false;
            }
        }

        return true;
    }
}
