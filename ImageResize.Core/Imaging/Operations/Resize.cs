using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>Fits an image to a box. No side is ever enlarged.</summary>
internal sealed record Resize(int Width, int Height, Fit Fit) : Operation
{
    public override (int Width, int Height) GetResultSize(int width, int height)
    {
        var (across, down) = ((double)Width / width, (double)Height / height);
        return Fit switch
        {
            Fit.Inside => (Scale(width, Math.Min(across, down)), Scale(height, Math.Min(across, down))),
            Fit.Cover => (Scale(width, Math.Max(across, down)), Scale(height, Math.Max(across, down))),
            Fit.Fill => (Math.Min(Width, width), Math.Min(Height, height)),
            _ => throw new ArgumentOutOfRangeException(nameof(width), Fit, "Unknown fit."),
        };
    }

    /// <summary>Images are decoded to the size of the result, so nothing is left to do.</summary>
    public override Image? Apply(Image image, int frames) => null;

    private static int Scale(int side, double ratio) =>
        Math.Max(1, (int)Math.Round(side * Math.Min(1, ratio), MidpointRounding.AwayFromZero));
}
