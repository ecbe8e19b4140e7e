using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Jobs;

public enum BatchState
{
    /// <summary>Nothing of it has ended yet.</summary>
    Queued,
    Running,
    Completed,
    Canceled,
}

/// <summary>How a batch stands.</summary>
/// <param name="LastTouched">When something of it last moved, by the store's clock.</param>
public sealed record BatchStatus(Batch Batch, JobCounts Counts, DateTimeOffset LastTouched)
{
    public int? Total => Batch.Total;

    /// <summary>Jobs without a result; of a canceled batch those that are not yet known to have been too late.</summary>
    public int? Queued => Total - Counts.Finished;

    /// <summary>Whether nothing of it is left to do.</summary>
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

    /// <summary>On average since the batch was submitted.</summary>
    public double? ImagesPerSecond => Counts.Succeeded + Counts.Failed > 0 && LastTouched > Batch.Id.SubmittedAt
        ? Math.Round((Counts.Succeeded + Counts.Failed) / (LastTouched - Batch.Id.SubmittedAt).TotalSeconds, 2)
        : null;

    /// <summary>If it goes on as until now; null when nothing has ended yet, or all has.</summary>
    public DateTimeOffset? EstimateEnd(DateTimeOffset now) =>
        Queued > 0 && !Batch.IsCanceled && ImagesPerSecond is > 0 and var speed ? now.AddSeconds(Queued.Value / speed) : null;
}

/// <summary>A batch's jobs, a page of them.</summary>
/// <param name="Next">The number of the job at which the next page begins; null when there is none.</param>
public sealed record JobPage(IReadOnlyList<(JobId Id, string Source, JobStatus Status)> Jobs, int? Next);
