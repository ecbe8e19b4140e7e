namespace ImageResize.Core.Imaging.Jpeg.Frames;

/// <summary>
/// A block's position in an MCU with <paramref name="Across"/> by <paramref name="Down"/> blocks of its component (minimum coded unit:
/// ITU-T T.81, A.2).
/// </summary>
internal readonly record struct McuBlock(JpegComponent Component, int Across, int Down, int Column, int Row)
{
    /// <summary>Offset of the block's samples in its component, for the MCU at this row and column of MCUs.</summary>
    public int SampleOffset(int mcuRow, int mcuColumn) =>
        ((((mcuRow * Down) + Row) * Component.Stride) + (mcuColumn * Across) + Column) * Component.Scale;

    /// <summary>The block's number in its component, in rows.</summary>
    public int Index(int mcuRow, int mcuColumn) =>
        (((mcuRow * Down) + Row) * Component.BlockStride) + (mcuColumn * Across) + Column;

    /// <summary>Samples from the block in one MCU to that in the next.</summary>
    public int SampleStep => Across * Component.Scale;
}
