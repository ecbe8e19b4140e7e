namespace ImageResize.Core.Imaging.Operations;

/// <summary>An upright picture's way into a box: resized to one size, then cropped to another. No side ever grows.</summary>
internal sealed record TargetSize(int Width, int Height, int CropWidth, int CropHeight)
{
    public static TargetSize For(ThumbnailSpec spec, int width, int height) => spec.Fit switch
    {
        Fit.Inside => Scaled(width, height, Math.Min(Ratio(spec.Width, width), Ratio(spec.Height, height)), int.MaxValue, int.MaxValue),
        Fit.Cover => Scaled(width, height, Math.Max(Ratio(spec.Width, width), Ratio(spec.Height, height)), spec.Width, spec.Height),
        Fit.Fill => Whole(Math.Min(spec.Width, width), Math.Min(spec.Height, height)),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Fit, "There is no such fit."),
    };

    private static TargetSize Scaled(int width, int height, double ratio, int cropWidth, int cropHeight)
    {
        var resized = Whole(Scale(width, ratio), Scale(height, ratio));
        return resized with { CropWidth = Math.Min(cropWidth, resized.Width), CropHeight = Math.Min(cropHeight, resized.Height) };
    }

    private static TargetSize Whole(int width, int height) => new(width, height, width, height);

    private static int Scale(int side, double ratio) =>
        Math.Max(1, (int)Math.Round(side * Math.Min(1, ratio), MidpointRounding.AwayFromZero));

    private static double Ratio(int wanted, int given) => (double)wanted / given;
}
