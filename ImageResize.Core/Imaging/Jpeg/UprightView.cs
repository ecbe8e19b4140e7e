namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// The upright picture as a walk through the stored one: from <see cref="Start"/>, a step for each column and for each row.
/// </summary>
internal readonly record struct UprightView(int Width, int Height, int Start, int ColumnStep, int RowStep)
{
    /// <summary>The EXIF orientations that stand the picture on its side.</summary>
    public static bool SwapsSides(int orientation) => orientation >= 5;

    /// <summary>The middle of a picture of this stored size, as large as wanted.</summary>
    public static UprightView Of(int orientation, int storedWidth, int storedHeight, int width, int height)
    {
        var isOnSide = SwapsSides(orientation);
        var left = ((isOnSide ? storedHeight : storedWidth) - width) / 2;
        var top = ((isOnSide ? storedWidth : storedHeight) - height) / 2;

        var lastColumn = storedWidth - 1;
        var lastRow = (storedHeight - 1) * storedWidth;
        var (corner, columnStep, rowStep) = orientation switch
        {
            2 => (lastColumn, -1, storedWidth),
            3 => (lastRow + lastColumn, -1, -storedWidth),
            4 => (lastRow, 1, -storedWidth),
            5 => (0, storedWidth, 1),
            6 => (lastRow, -storedWidth, 1),
            7 => (lastRow + lastColumn, -storedWidth, -1),
            8 => (lastColumn, storedWidth, -1),
            _ => (0, 1, storedWidth),
        };

        return new UprightView(width, height, corner + (left * columnStep) + (top * rowStep), columnStep, rowStep);
    }
}
