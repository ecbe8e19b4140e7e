namespace ImageResize.Core.Jobs;

/// <summary>The number of jobs that have ended, by outcome.</summary>
public readonly record struct JobCounts(int Succeeded, int Failed, int Canceled = 0)
{
    public int Finished => Succeeded + Failed + Canceled;

    public static JobCounts operator +(JobCounts left, JobCounts right) =>
        new(left.Succeeded + right.Succeeded, left.Failed + right.Failed, left.Canceled + right.Canceled);

    public static JobCounts Of(IEnumerable<JobResult> results)
    {
        var counts = default(JobCounts);
        foreach (var result in results)
        {
            counts += result switch
            {
                { IsCanceled: true } => new JobCounts(0, 0, 1),
                { Error: null } => new JobCounts(1, 0),
                _ => new JobCounts(0, 1),
            };
        }

        return counts;
    }
}
