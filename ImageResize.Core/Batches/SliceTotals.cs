using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Batches;

/// <summary>The sum of a batch's slices.</summary>
/// <param name="Jobs">The number of their jobs.</param>
/// <param name="LastTouched">When a slice was last written, by the store's clock.</param>
/// <param name="Open">The slices that have jobs without a result.</param>
internal sealed record SliceTotals(int Jobs, JobCounts Counts, DateTimeOffset LastTouched, IReadOnlyList<SliceProgress> Open)
{
    public static async Task<SliceTotals> ReadAsync(IJobStore jobs, BatchId batch, CancellationToken cancellationToken)
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

        return new SliceTotals(total, counts, lastTouched, open);
    }
}
