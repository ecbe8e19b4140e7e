using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs;

/// <summary>Work on one source, as it was submitted.</summary>
/// <param name="Source">The source as its source class has normalized it.</param>
public sealed record Job(SourceUri Source, JobActions Actions)
{
    /// <summary>Why the item of a manifest is invalid. Such a job does not run and fails with this error.</summary>
    public JobError? Refusal { get; init; }
}
