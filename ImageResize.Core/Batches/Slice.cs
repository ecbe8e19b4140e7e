using ImageResize.Core.Jobs;

namespace ImageResize.Core.Batches;

/// <summary>Consecutive jobs of a batch that share one message and one table transaction.</summary>
/// <param name="Number">From 0.</param>
/// <param name="First">The number of its first job in the batch.</param>
public sealed record Slice(int Number, int First, IReadOnlyList<Job> Jobs)
{
    /// <summary>Whether each job has a result, canceled jobs included.</summary>
    public bool IsDone { get; init; }

    /// <summary>Whether jobs without a result are canceled.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>Whether it is the only slice of a batch that was submitted as one image.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Whether no watch follows its batch. Its progress is then not stored, because the result is its status.</summary>
    public bool IsUnwatched { get; init; }

    /// <summary>Whether it has web images, so that it mostly waits for other servers.</summary>
    public bool IsRemote => Jobs.Any(job => job.Refusal is null && job.Source.IsRemote);

    /// <summary>The jobs that have no result, with their numbers in the batch.</summary>
    public IEnumerable<(int Number, Job Job)> JobsWithout(IReadOnlyDictionary<int, JobResult> results) =>
        Jobs.Select((job, i) => (Number: First + i, Job: job)).Where(numbered => !results.ContainsKey(numbered.Number));

    /// <summary>Cuts jobs into slices, the first of which has the given number and starts with the given job.</summary>
    public static IEnumerable<Slice> Cut(IEnumerable<Job> jobs, int size, int firstNumber = 0, int firstJob = 0) =>
        jobs.Chunk(size).Select((chunk, i) => new Slice(firstNumber + i, firstJob + (i * size), chunk));
}

/// <summary>The progress of a slice, without its jobs.</summary>
/// <param name="TouchedAt">When its row was last written, by the store's clock.</param>
/// <param name="Requeues">How often it was queued again because it was idle.</param>
/// <param name="Jobs">The number of its jobs.</param>
public sealed record SliceProgress(int Number, bool IsDone, JobCounts Counts, DateTimeOffset TouchedAt, int Requeues, int Jobs)
{
    public bool IsCanceled { get; init; }
}
