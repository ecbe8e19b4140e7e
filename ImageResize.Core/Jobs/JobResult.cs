using System.Text.Json.Serialization;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs;

/// <summary>How a job ended, as it is stored. Written once and never changed, except that it can be deleted.</summary>
public sealed record JobResult(SourceUri Source, DateTimeOffset FinishedAt)
{
    /// <summary>The name of the job, or else that of the uploaded file.</summary>
    public string? Name { get; init; }

    /// <summary>The size, if it was requested and could be read.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Null if no thumbnail was requested; empty if thumbnails were requested and the job failed.</summary>
    public IReadOnlyList<MadeThumbnail>? Thumbnails { get; init; }

    /// <summary>Whether the batch was canceled before the job had a result.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>Whether the caller has deleted the job. Nothing else of the result is left then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsPurged { get; init; }

    /// <summary>Why the job failed; null if it succeeded.</summary>
    public JobError? Error { get; init; }

    /// <summary>
    /// What replaces the result of a deleted job. It counts as canceled, and a worker that is still processing the job writes its result
    /// too late.
    /// </summary>
    public static JobResult Purged(DateTimeOffset now) => new(new SourceUri("", ""), now) { IsCanceled = true, IsPurged = true };

    public static JobResult Failed(Job job, JobError error, DateTimeOffset now) =>
        job.Actions.All.Aggregate(
            new JobResult(job.Source, now) { Name = job.Name, Error = error }, (result, action) => action.Fail(result));
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
