using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Jobs;

/// <summary>One piece of work on one source, as it was submitted.</summary>
/// <param name="Source">In the one spelling that its <see cref="Sources.ISource"/> gave it.</param>
public sealed record Job(string Source, JobActions Actions)
{
    /// <summary>Why an item of a manifest is no job that could run; it fails with this.</summary>
    public JobError? Refusal { get; init; }
}

/// <summary>What is to be done with a source. One instance serves all jobs of a batch that want the same.</summary>
/// <param name="Measure">Whether the size is wanted.</param>
public sealed record JobActions(bool Measure, IReadOnlyList<WantedThumbnail> Thumbnails)
{
    public static JobActions OnlyMeasure { get; } = new(Measure: true, []);
}

/// <summary>A thumbnail to be made, and what its name adds to the source's.</summary>
/// <param name="Suffix">For example <c>_resized</c>: <c>a.jpg</c> becomes <c>a_resized.jpg</c>.</param>
public sealed record WantedThumbnail(ThumbnailSpec Spec, string Suffix);
