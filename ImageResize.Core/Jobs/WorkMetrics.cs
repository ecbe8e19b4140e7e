using System.Diagnostics.Metrics;

namespace ImageResize.Core.Jobs;

/// <summary>Counts the jobs of this process.</summary>
public static class WorkMetrics
{
    /// <summary>The name of the meter and of the traces.</summary>
    public const string ActivitySourceName = "ImageResize";

    public static Meter Meter { get; } = new(ActivitySourceName);

    private static readonly Counter<long> Accepted = Create("jobs_accepted", "Jobs submitted to this process.");
    private static readonly Counter<long> Succeeded = Create("jobs_succeeded", "Jobs that succeeded in this process.");
    private static readonly Counter<long> Failed = Create("jobs_failed", "Jobs that failed in this process.");
    private static readonly Counter<long> Canceled = Create("jobs_canceled", "Jobs that this process ended as canceled.");
    private static readonly Counter<long> Slices = Create("slices_done", "Slices that were done in this process.");
    private static readonly Counter<long> Faults = Create("storage_faults", "Requests and messages that storage failed.");

    private static readonly Counter<long> AddressesMade = Create("addresses_made", "Thumbnails that this process made for addresses.");
    private static readonly Counter<long> AddressesRead = Create("addresses_read", "Thumbnails of addresses that were stored already.");

    private static long _accepted;
    private static long _succeeded;
    private static long _failed;
    private static long _canceled;
    private static long _faults;

    /// <summary>The work since the process started.</summary>
    public static WorkTotals Totals => new(
        Interlocked.Read(ref _accepted),
        Interlocked.Read(ref _succeeded),
        Interlocked.Read(ref _failed),
        Interlocked.Read(ref _canceled),
        Interlocked.Read(ref _faults));

    public static void CountAccepted(int jobs)
    {
        Accepted.Add(jobs);
        Interlocked.Add(ref _accepted, jobs);
    }

    public static void CountSlice() => Slices.Add(1);

    public static void CountStorageFault()
    {
        Faults.Add(1);
        Interlocked.Increment(ref _faults);
    }

    public static void CountAddressMade() => AddressesMade.Add(1);

    public static void CountAddressRead() => AddressesRead.Add(1);

    /// <summary>Counts the results that are stored. A job that another worker has ended before is counted there.</summary>
    public static void CountFinished(IReadOnlyDictionary<int, JobResult> results, IReadOnlyDictionary<int, JobResult> stored)
    {
        var counts = JobCounts.Of(results
            .Where(result => ReferenceEquals(stored[result.Key], result.Value))
            .Select(result => result.Value));
        Succeeded.Add(counts.Succeeded);
        Failed.Add(counts.Failed);
        Canceled.Add(counts.Canceled);
        Interlocked.Add(ref _succeeded, counts.Succeeded);
        Interlocked.Add(ref _failed, counts.Failed);
        Interlocked.Add(ref _canceled, counts.Canceled);
    }

    private static Counter<long> Create(string name, string description) =>
        Meter.CreateCounter<long>($"imageresize_{name}_total", description: description);
}
