namespace ImageResize.Core.Batches;

/// <summary>
/// Decides how many jobs share a message. Small batches have slices of one job, so that several workers share them. Large batches have
/// large slices, because the storage operations of a message cost more than a small thumbnail. Progress is finer than a slice; see
/// <see cref="Processing.PartialResults"/>.
/// </summary>
public static class SliceSizes
{
    /// <summary>
    /// Results are stored in partitions of this many jobs. Every slice size divides it, so that a slice is in one partition.
    /// </summary>
    public const int Block = 100;

    public static int For(int jobs) => jobs switch
    {
        <= 20 => 1,
        <= 100 => 5,
        _ => Block,
    };
}
