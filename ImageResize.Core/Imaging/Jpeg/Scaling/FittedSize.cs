namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>
/// Size of an upright image in a box, rounded as libvips rounds: first scaled, then, to cover the box, cropped at its center. Images are
/// never enlarged.
/// </summary>
internal readonly record struct FittedSize(int ScaledWidth, int ScaledHeight, int Width, int Height)
{
    public static FittedSize Inside(int width, int height, int boxWidth, int boxHeight)
    {
        var shrink = Math.Max(Shrink(width, boxWidth), Shrink(height, boxHeight));
        return Whole(Scale(width, shrink), Scale(height, shrink));
    }

    public static FittedSize Cover(int width, int height, int boxWidth, int boxHeight)
    {
        var shrink = Math.Min(Shrink(width, boxWidth), Shrink(height, boxHeight));
        var scaled = Whole(Scale(width, shrink), Scale(height, shrink));
        return scaled with { Width = Math.Min(scaled.Width, boxWidth), Height = Math.Min(scaled.Height, boxHeight) };
    }

    public static FittedSize Fill(int width, int height, int boxWidth, int boxHeight) =>
        Whole(Scale(width, Shrink(width, boxWidth)), Scale(height, Shrink(height, boxHeight)));

    private static FittedSize Whole(int width, int height) => new(width, height, width, height);

    private static double Shrink(int side, int boxSide) => Math.Max(1, side / (double)boxSide);

    private static int Scale(int side, double shrink) => Math.Max(1, (int)((side / shrink) + 0.5));
}
