namespace ImageResize.Core.Jobs;

/// <summary>The work of a process.</summary>
/// <param name="Accepted">Jobs that were submitted to it.</param>
/// <param name="StorageFaults">Requests and messages that storage failed.</param>
public readonly record struct WorkTotals(long Accepted, long Succeeded, long Failed, long Canceled, long StorageFaults)
{
    public static WorkTotals operator +(WorkTotals left, WorkTotals right) => new(
        left.Accepted + right.Accepted,
        left.Succeeded + right.Succeeded,
        left.Failed + right.Failed,
        left.Canceled + right.Canceled,
        left.StorageFaults + right.StorageFaults);

    public static WorkTotals operator -(WorkTotals left, WorkTotals right) => new(
        left.Accepted - right.Accepted,
        left.Succeeded - right.Succeeded,
        left.Failed - right.Failed,
        left.Canceled - right.Canceled,
        left.StorageFaults - right.StorageFaults);
}
