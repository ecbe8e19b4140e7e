using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs;

/// <summary>How a job ended, as it is stored. Written once and never changed.</summary>
public sealed record JobResult(SourceUri Source, DateTimeOffset FinishedAt)
{
    /// <summary>The size, if it was wanted and could be read.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Null if no thumbnail was wanted; empty if thumbnails were wanted and the job failed.</summary>
    public IReadOnlyList<MadeThumbnail>? Thumbnails { get; init; }

    /// <summary>Whether the batch was canceled before the job had a result.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>Why the job failed; null if it succeeded.</summary>
    public JobError? Error { get; init; }

    public static JobResult Failed(Job job, JobError error, DateTimeOffset now) =>
        job.Actions.All.Aggregate(new JobResult(job.Source, now) { Error = error }, (result, action) => action.Fail(result));
}

/// <param name="Code">For programs. Never changes.</param>
/// <param name="Message">For people.</param>
public sealed record JobError(string Code, string Message)
{
    public static JobError Of(RefusedException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);

        return new JobError(refusal.Code.Name, refusal.Message);
    }

    public bool Is(ErrorCode code) => Code == code?.Name;
}
