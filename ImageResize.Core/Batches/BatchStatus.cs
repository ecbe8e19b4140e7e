using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches;

public enum BatchState
{
    /// <summary>No job has ended yet.</summary>
    Queued,
    Running,
    Completed,
    Canceled,
}

/// <summary>A batch and its progress.</summary>
/// <param name="LastTouched">When one of its rows was last written, by the store's clock.</param>
public sealed record BatchStatus(Batch Batch, JobCounts Counts, DateTimeOffset LastTouched)
{
    public int? Total => Batch.Total;

    /// <summary>Jobs without a result. In a canceled batch, jobs that are not yet marked as canceled.</summary>
    public int? Queued => Total - Counts.Finished;

    /// <summary>Whether all jobs have a result.</summary>
    public bool IsOver => Queued == 0;

    public BatchState State =>
        Batch.IsCanceled ? BatchState.Canceled
        : IsOver ? BatchState.Completed
        : Counts.Finished > 0 ? BatchState.Running
        : BatchState.Queued;

    public double? Percent => Total switch
    {
        null => null,
        0 => 100,
        { } total => Math.Round(100.0 * Counts.Finished / total, 1),
    };

    /// <summary>The average since the batch was submitted.</summary>
    public double? ImagesPerSecond => Counts.Succeeded + Counts.Failed > 0 && LastTouched > Batch.Id.SubmittedAt
        ? Math.Round((Counts.Succeeded + Counts.Failed) / (LastTouched - Batch.Id.SubmittedAt).TotalSeconds, 2)
        : null;

    /// <summary>The expected end at the average speed so far; null if no job or every job has ended.</summary>
    public DateTimeOffset? EstimateEnd(DateTimeOffset now) =>
        Queued > 0 && !Batch.IsCanceled && ImagesPerSecond is > 0 and var speed ? now.AddSeconds(Queued.Value / speed) : null;
}

/// <summary>A page of a batch's jobs.</summary>
/// <param name="Next">The number of the first job of the next page; null on the last page.</param>
public sealed record JobPage(IReadOnlyList<(JobId Id, SourceUri Source, JobStatus Status)> Jobs, int? Next);
