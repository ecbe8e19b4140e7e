using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Core.Quotas;

namespace ImageResize.Core.Batches.Submission;

/// <summary>Estimates the work of batches whose jobs are not all known when they are submitted.</summary>
internal static class BatchEstimate
{
    /// <summary>Jobs of a prefix or a manifest, until it has been listed.</summary>
    private const int UnlistedJobs = 100_000;

    /// <summary>Images of a folder that is an item of a batch.</summary>
    private const int ImagesInItem = 1_000;

    /// <summary>For items whose own actions are not known yet.</summary>
    private static readonly JobActions UsualActions =
        new(Measure: false, [new ThumbnailAction(new ThumbnailSpec(500, 500), Suffix: "")]);

    /// <param name="actions">Null if the jobs have their own.</param>
    /// <param name="jobs">Null if it is not known.</param>
    public static Workload OfUnknown(JobActions? actions, int? jobs) =>
        JobEstimate.Of(source: null, actions ?? UsualActions) * (jobs ?? UnlistedJobs);

    public static Workload Of(Item item) => JobEstimate.Of(item.Job) * (item.IsFolder ? ImagesInItem : 1);
}
