using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// How large a picture becomes in a box, rounded as libvips rounds: first scaled, then, to cover, cropped at its centre.
/// </summary>
internal readonly record struct FittedSize(int ScaledWidth, int ScaledHeight, int Width, int Height)
{
    /// <summary>Of an upright picture; never enlarged.</summary>
    public static FittedSize Of(int width, int height, int boxWidth, int boxHeight, Fit fit)
    {
        var across = Math.Max(1, width / (double)boxWidth);
        var down = Math.Max(1, height / (double)boxHeight);
        if (fit != Fit.Fill)
        {
            // The smaller shrink covers the box, the larger one stays inside.
            across = down = fit == Fit.Cover ? Math.Min(across, down) : Math.Max(across, down);
        }

        var scaledWidth = Math.Max(1, (int)((width / across) + 0.5));
        var scaledHeight = Math.Max(1, (int)((height / down) + 0.5));
        return fit == Fit.Cover
            ? new FittedSize(scaledWidth, scaledHeight, Math.Min(scaledWidth, boxWidth), Math.Min(scaledHeight, boxHeight))
            : new FittedSize(scaledWidth, scaledHeight, scaledWidth, scaledHeight);
    }
}
