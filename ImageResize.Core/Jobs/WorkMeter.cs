using System.Diagnostics.Metrics;

namespace ImageResize.Core.Jobs;

/// <summary>Counts what becomes of jobs in this process, for whoever listens to the meter.</summary>
public static class WorkMeter
{
    /// <summary>The name is that of the traces.</summary>
    public static Meter Meter { get; } = new(WorkProcessor.ActivitySourceName);

    private static readonly Counter<long> Accepted = Meter.CreateCounter<long>("imageresize_jobs_accepted_total", description: "Jobs submitted here.");
    private static readonly Counter<long> Succeeded = Meter.CreateCounter<long>("imageresize_jobs_succeeded_total", description: "Jobs that succeeded here.");
    private static readonly Counter<long> Failed = Meter.CreateCounter<long>("imageresize_jobs_failed_total", description: "Jobs that failed here.");
    private static readonly Counter<long> Canceled = Meter.CreateCounter<long>("imageresize_jobs_canceled_total", description: "Jobs that were canceled here.");
    private static readonly Counter<long> Slices = Meter.CreateCounter<long>("imageresize_slices_done_total", description: "Slices that were done here.");
    private static readonly Counter<long> Faults = Meter.CreateCounter<long>("imageresize_storage_faults_total", description: "Requests and messages that storage failed.");

    public static void CountAccepted(int jobs) => Accepted.Add(jobs);

    public static void CountSlice() => Slices.Add(1);

    public static void CountStorageFault() => Faults.Add(1);

    /// <summary>Counts those that stand: what another worker has written is counted there.</summary>
    public static void CountFinished(IReadOnlyDictionary<int, JobResult> ours, IReadOnlyDictionary<int, JobResult> standing)
    {
        var counts = JobCounts.Of(ours.Where(result => ReferenceEquals(standing[result.Key], result.Value)).Select(result => result.Value));
        Succeeded.Add(counts.Succeeded);
        Failed.Add(counts.Failed);
        Canceled.Add(counts.Canceled);
    }
}
