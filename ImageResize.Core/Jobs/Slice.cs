namespace ImageResize.Core.Jobs;

/// <summary>Consecutive jobs of one batch that travel as one message.</summary>
/// <param name="Number">From 0.</param>
/// <param name="First">The number of its first job in the batch.</param>
public sealed record Slice(int Number, int First, IReadOnlyList<Job> Jobs)
{
    /// <summary>Whether every job of it has a result, "canceled" included.</summary>
    public bool IsDone { get; init; }

    /// <summary>Whether what of it has no result is not to run any more, and gets "canceled" as its result.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>The only slice of a batch of one.</summary>
    public bool IsSingle { get; init; }

    /// <summary>No watch looks at it: its result says all, and no counts are kept.</summary>
    public bool IsUnwatched { get; init; }

    /// <summary>Cuts jobs into slices, the first of which has the given number and begins with the given job.</summary>
    public static IEnumerable<Slice> Cut(IEnumerable<Job> jobs, int size, int firstNumber = 0, int firstJob = 0) =>
        jobs.Chunk(size).Select((chunk, i) => new Slice(firstNumber + i, firstJob + (i * size), chunk));
}

/// <summary>A slice as the watch sees it: its progress without its jobs.</summary>
/// <param name="TouchedAt">When its row was last written, by the store's clock.</param>
/// <param name="Requeues">How often the watch has put it on the queue again.</param>
/// <param name="Jobs">How many jobs it holds.</param>
public sealed record SliceProgress(int Number, bool IsDone, JobCounts Counts, DateTimeOffset TouchedAt, int Requeues, int Jobs)
{
    public bool IsCanceled { get; init; }
}
