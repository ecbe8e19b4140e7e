namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>An upright thumbnail's grid over the stored image.</summary>
internal readonly record struct UprightGrid(GridAxis Across, GridAxis Down, bool IsOnSide)
{
    /// <summary>Width of the upright plane.</summary>
    public int Width => IsOnSide ? Down.Count : Across.Count;

    public int Height => IsOnSide ? Across.Count : Down.Count;

    /// <summary>Whether an EXIF orientation swaps width and height.</summary>
    public static bool SwapsSides(int orientation) => orientation >= 5;

    /// <param name="pixels">Thumbnail pixels that a position covers, across and down.</param>
    public static UprightGrid Of(int orientation, in FittedSize size, int pixels)
    {
        var flipsAcross = orientation is 2 or 3 or 7 or 8;
        var flipsDown = orientation is 3 or 4 or 6 or 7;
        return SwapsSides(orientation)
            ? new UprightGrid(
                GridAxis.Of(size.ScaledHeight, size.Height, pixels, flipsAcross),
                GridAxis.Of(size.ScaledWidth, size.Width, pixels, flipsDown),
                IsOnSide: true)
            : new UprightGrid(
                GridAxis.Of(size.ScaledWidth, size.Width, pixels, flipsAcross),
                GridAxis.Of(size.ScaledHeight, size.Height, pixels, flipsDown),
                IsOnSide: false);
    }
}
