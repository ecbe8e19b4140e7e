using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Names;

namespace ImageResize.Core.Jobs;

/// <summary>Work on one source, as it was submitted.</summary>
/// <param name="Source">The source as its source class has normalized it.</param>
public sealed record Job(SourceUri Source, JobActions Actions)
{
    /// <summary>The caller's name for the image, as <see cref="ImageName"/> writes it.</summary>
    public string? Name { get; init; }

    /// <summary>Why the item of a manifest is invalid. Such a job does not run and fails with this error.</summary>
    public JobError? Refusal { get; init; }
}
