namespace ImageResize.Fuzzing;

/// <summary>Code that reads untrusted bytes.</summary>
/// <param name="Name">Also the folder of its inputs in the corpus.</param>
/// <param name="Run">Reads an input. Refusals that the code documents are handled here, so any exception is a fault.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Run)
{
    /// <summary>The longest input that is tried.</summary>
    public int MaxLength { get; init; } = 4_096;

    /// <summary>More is a fault: the limits of the code allow less for an input of this length.</summary>
    public long MaxAllocatedBytes { get; init; } = 16_000_000;

    /// <summary>Words and numbers of the input's format, which mutations insert.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];
}
