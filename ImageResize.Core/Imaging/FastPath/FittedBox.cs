using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.FastPath;

/// <summary>Fits an upright image to the box of a spec.</summary>
internal static class FittedBox
{
    public static FittedSize Find(ThumbnailSpec spec, int width, int height) => spec.Fit switch
    {
        Fit.Inside => FittedSize.Inside(width, height, spec.Width, spec.Height),
        Fit.Cover => FittedSize.Cover(width, height, spec.Width, spec.Height),
        Fit.Fill => FittedSize.Fill(width, height, spec.Width, spec.Height),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Fit, "There is no such fit."),
    };
}
