namespace ImageResize.Core.Imaging.Jpeg.DcOnly;

/// <summary>
/// What a lookup in <see cref="StepTables"/> skips: a number of bits, and of positions in the block. The step is negative if the block
/// ends.
/// </summary>
internal readonly record struct StepEntry(byte Length, sbyte Step);
