namespace ImageResize.Core.Imaging.Png.Inflating;

internal enum BlockState
{
    /// <summary>The window is full, or the data in the buffer is used up.</summary>
    Open,
    Ended,
    Damaged,
}
