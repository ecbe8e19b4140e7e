namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>One axis of a thumbnail's grid over the stored image, in fractions of that image's length.</summary>
/// <param name="Start">Start of the first position.</param>
/// <param name="Step">From one position to the next. Negative if the orientation flips the axis.</param>
/// <param name="Pixels">Thumbnail pixels that a position covers: 2 for chroma at half size.</param>
internal readonly record struct GridAxis(int Count, double Start, double Step, int Pixels)
{
    /// <param name="scaled">Size of the whole image in thumbnail pixels. The <paramref name="wanted"/> pixels in the middle are
    /// kept.</param>
    public static GridAxis Of(int scaled, int wanted, int pixels, bool isFlipped)
    {
        var left = (scaled - wanted) / 2;
        var start = left / (double)scaled;
        var step = pixels / (double)scaled;
        var count = (wanted + pixels - 1) / pixels;
        return isFlipped ? new GridAxis(count, 1 - start, -step, pixels) : new GridAxis(count, start, step, pixels);
    }
}
