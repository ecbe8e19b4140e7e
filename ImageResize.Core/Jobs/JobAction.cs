using ImageResize.Core.Imaging;

namespace ImageResize.Core.Jobs;

/// <summary>One thing that is done with a source: what it needs from the image, and what it adds to the job's result.</summary>
public abstract record JobAction
{
    /// <summary>Adds what the action needs to the work on the image, which all actions of a job share.</summary>
    internal abstract ImageWork AddTo(ImageWork work);

    /// <summary>Stores the action's output and adds it to the job's result.</summary>
    internal abstract Task<JobResult> CompleteAsync(JobResult result, JobOutput output, CancellationToken cancellationToken);

    /// <summary>Records in the result of a failed job that this action was requested.</summary>
    internal virtual JobResult Fail(JobResult result) => result;
}
