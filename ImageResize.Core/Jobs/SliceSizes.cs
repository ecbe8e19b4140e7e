namespace ImageResize.Core.Jobs;

/// <summary>
/// How many jobs travel together. Small batches have slices of one so that workers share them; large ones have large slices,
/// because a message costs several storage operations, more than a small thumbnail's pixels.
/// </summary>
public static class SliceSizes
{
    /// <summary>Results are stored in blocks of this many jobs; every slice size divides it, so that no slice straddles two.</summary>
    public const int Block = 100;

    public static int For(int jobs) => jobs switch
    {
        <= 20 => 1,
        <= 100 => 5,
        <= 400 => 25,
        _ => Block,
    };
}
