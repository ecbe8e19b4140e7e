using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs;

public enum JobState
{
    /// <summary>No such job was submitted, or it was deleted.</summary>
    Unknown,

    /// <summary>The job's data has been dropped because its retention has ended.</summary>
    Expired,

    Queued,
    Succeeded,
    Failed,
    Canceled,
}

/// <param name="Result">The result of a job that has succeeded or failed.</param>
public sealed record JobStatus(JobState State, JobResult? Result = null)
{
    /// <summary>The source of a canceled job, which has no result.</summary>
    public SourceUri? CanceledSource { get; init; }

    /// <summary>The job's name, if it is known.</summary>
    public string? Name { get; init; }

    public static JobStatus Of(JobResult result) => result switch
    {
        { IsPurged: true } => new JobStatus(JobState.Unknown, result),
        { IsCanceled: true } => new JobStatus(JobState.Canceled) { CanceledSource = result.Source, Name = result.Name },
        { Error: null } => new JobStatus(JobState.Succeeded, result) { Name = result.Name },
        _ => new JobStatus(JobState.Failed, result) { Name = result.Name },
    };
}
