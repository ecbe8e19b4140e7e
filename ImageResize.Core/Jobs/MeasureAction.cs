using ImageResize.Core.Imaging;

namespace ImageResize.Core.Jobs;

/// <summary>Reads the size, orientation and format of an image.</summary>
public sealed record MeasureAction : JobAction
{
    internal override ImageWork AddTo(ImageWork work) => work with { Measure = true };

    internal override Task<JobResult> CompleteAsync(JobResult result, JobOutput output, CancellationToken cancellationToken) =>
        Task.FromResult(result with { Size = output.Size });
}
