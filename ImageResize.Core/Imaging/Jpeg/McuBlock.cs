namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>A block's place in an MCU of <paramref name="Across"/> by <paramref name="Down"/> blocks of its component.</summary>
internal readonly record struct McuBlock(JpegComponent Component, int Across, int Down, int Column, int Row)
{
    /// <summary>Where the samples of the block begin, for the MCU at this row and column of MCUs.</summary>
    public int SampleOffset(int mcuRow, int mcuColumn) =>
        ((((mcuRow * Down) + Row) * Component.Stride) + (mcuColumn * Across) + Column) * Component.Scale;

    /// <summary>From the block of one MCU to that of the next.</summary>
    public int SampleStep => Across * Component.Scale;
}
