namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>One axis of a thumbnail's grid as it lies over the stored picture, in parts of that picture's length.</summary>
/// <param name="Start">Where the first position begins.</param>
/// <param name="Step">From one to the next; below zero where upright goes the other way.</param>
/// <param name="Pixels">Of the thumbnail that a position covers: 2 where chroma is halved.</param>
internal readonly record struct GridAxis(int Count, double Start, double Step, int Pixels)
{
    /// <param name="scaled">The whole picture in pixels of the thumbnail, of which <paramref name="wanted"/> in the middle stay.</param>
    public static GridAxis Of(int scaled, int wanted, int pixels, bool isFlipped)
    {
        var left = (scaled - wanted) / 2;
        var start = left / (double)scaled;
        var step = pixels / (double)scaled;
        var count = (wanted + pixels - 1) / pixels;
        return isFlipped ? new GridAxis(count, 1 - start, -step, pixels) : new GridAxis(count, start, step, pixels);
    }
}
