using System.Diagnostics;
using System.Diagnostics.Metrics;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Jobs;

/// <summary>Counts the jobs of this process.</summary>
public static class WorkMetrics
{
    private static readonly Counter<long> Accepted =
        Instruments.CreateCounter("jobs.accepted", "{job}", "Jobs submitted to this process.");

    private static readonly Counter<long> Finished =
        Instruments.CreateCounter("jobs.finished", "{job}", "Jobs whose result this process has stored.");

    private static readonly Counter<long> Slices =
        Instruments.CreateCounter("slices.done", "{slice}", "Slices that were done in this process.");

    private static readonly Counter<long> Faults =
        Instruments.CreateCounter("storage.faults", "{fault}", "Requests and messages that storage failed.");

    private static readonly Counter<long> AddressesMade =
        Instruments.CreateCounter("addresses.made", "{thumbnail}", "Thumbnails that this process made for addresses.");

    private static readonly Counter<long> AddressesRead =
        Instruments.CreateCounter("addresses.read", "{thumbnail}", "Thumbnails of addresses that were stored already.");

    private static readonly Histogram<double> JobDuration =
        Instruments.CreateDuration("job.duration", "Time from the submission of a job to its result.");

    private static readonly Histogram<double> QueueWait =
        Instruments.CreateDuration("queue.wait.duration", "Time that the message of a slice was in the queue before its first delivery.");

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

    public static void RecordQueueWait(string queue, TimeSpan wait) =>
        QueueWait.Record(Math.Max(0, wait.TotalSeconds), new KeyValuePair<string, object?>(AttributeNames.Queue, queue));

    /// <summary>Counts a result that is stored.</summary>
    public static void CountFinished(BatchId batch, Job job, JobResult result)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(result);
        var state = result switch
        {
            { IsCanceled: true } => "canceled",
            { Error: null } => "succeeded",
            _ => "failed",
        };
        Interlocked.Increment(ref state == "succeeded" ? ref _succeeded : ref state == "failed" ? ref _failed : ref _canceled);
        if (Finished.Enabled)
        {
            Record(state, (result.FinishedAt - batch.SubmittedAt).TotalSeconds, job, result);
        }
    }

    private static void Record(string state, double seconds, Job job, JobResult result)
    {
        var tags = new TagList
        {
            { AttributeNames.Action, job.Actions.Thumbnails.Count > 0 ? "thumbnail" : "measure" },
            { AttributeNames.State, state },
        };
        JobDuration.Record(Math.Max(0, seconds), tags);

        tags.Add(AttributeNames.SourceKind, job.Source.Kind);
        if (result.Error is { } error)
        {
            tags.Add(AttributeNames.Error, error.Code);
        }

        if ((result.Thumbnails is [{ } first, ..] ? first.Format : result.Size?.Format) is { } format)
        {
            tags.Add(AttributeNames.Format, format.GetName());
        }

        Finished.Add(1, tags);
    }
}
