namespace ImageResize.Core.Jobs;

/// <summary>What a caller can always tell apart.</summary>
public enum JobState
{
    /// <summary>Never heard of it.</summary>
    Unknown,

    /// <summary>Submitted so long ago that retention has removed it.</summary>
    Expired,

    Queued,
    Succeeded,
    Failed,
    Canceled,
}

/// <param name="Result">Present when the job succeeded or failed.</param>
public sealed record JobStatus(JobState State, JobResult? Result = null);
