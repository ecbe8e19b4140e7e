using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Transforms;

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
    /// Bytes of the decoded planes. libvips, which decodes some rows at a time, needs less memory for more: with it, no image that is not
    /// counted (<see cref="Scheduling.ImageScheduler"/>) takes more than about 32 MB.
    /// </summary>
    private const int MaxSamples = 16_000_000;

    /// <summary>Threads keep planes of this size, as floats, for the next image.</summary>
    private const int MaxThumbnailPixels = 2_000_000;

    /// <summary>
    /// Raises the scales, by component, to what a thumbnail of this size needs: 1, 2, 4 or 8 samples of a block, across and down. False if
    /// libvips has to decode: even the whole image has too few samples, or the planes need too much memory.
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
            while (scale < InverseDct.WholeSide && samples * scale < margin)
            {
                scale *= 2;
            }

            if (samples * scale < margin)
            {
                return false;
            }

            scales[index] = Math.Max(scales[index], scale);
        }

        return (long)width * height <= MaxThumbnailPixels && frame.CountSamples(scales) <= MaxSamples;
    }
}
