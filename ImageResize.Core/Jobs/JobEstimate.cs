using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs;

/// <summary>Estimates the work of jobs from what is asked for, because nothing of a source is read before its job is accepted.</summary>
public static class JobEstimate
{
    /// <summary>Processor time for the rows, messages and files of a job.</summary>
    private const double Overhead = 0.005;

    public static Workload Of(Job job) => Of(job.Source, job.Actions);

    /// <param name="source">If null, or if its name says nothing, a JPEG.</param>
    public static Workload Of(SourceUri? source, JobActions actions)
    {
        var format = source is null ? null : ImageFormats.FindByExtension(source.Path);
        var image = ImageCost.OfPhoto(format ?? ImageFormat.Jpeg, [.. actions.Thumbnails.Select(action => action.Spec)]);

        return new Workload(1, Overhead + image.TotalSeconds);
    }
}
