namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>What a lookup of <see cref="StepTables"/> passes over: so many bits, and this much in the block. Negative where the block ends.</summary>
internal readonly record struct StepEntry(byte Length, sbyte Step);
