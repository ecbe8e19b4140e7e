using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Jobs;

/// <summary>What a batch's slices come to.</summary>
/// <param name="Jobs">How many they hold.</param>
/// <param name="LastTouched">When something of the batch last moved, by the store's clock.</param>
/// <param name="Open">Those with jobs that have no result.</param>
internal sealed record SliceSum(int Jobs, JobCounts Counts, DateTimeOffset LastTouched, IReadOnlyList<SliceProgress> Open)
{
    public static async Task<SliceSum> OfAsync(IJobStore jobs, BatchId batch, CancellationToken cancellationToken)
    {
        var (total, counts, lastTouched) = (0, default(JobCounts), batch.SubmittedAt);
        var open = new List<SliceProgress>();
        await foreach (var slice in jobs.ListSlicesAsync(batch, cancellationToken))
        {
            total += slice.Jobs;
            counts += slice.Counts;
            lastTouched = slice.TouchedAt > lastTouched ? slice.TouchedAt : lastTouched;
            if (!slice.IsDone)
            {
                open.Add(slice);
            }
        }

        return new SliceSum(total, counts, lastTouched, open);
    }
}
