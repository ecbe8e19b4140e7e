using System.Diagnostics;
using System.Diagnostics.Metrics;
using ImageResize.Core.Jobs;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Watches;

/// <summary>What this process has done for watches. Their names come from the settings, so there are few.</summary>
internal static class WatchMetrics
{
    private static readonly Counter<long> Found =
        Instruments.CreateCounter("watch.images.found", "{image}", "Images and versions of images that this process found.");

    private static readonly Counter<long> Finished =
        Instruments.CreateCounter("watch.images.finished", "{image}", "Images of batches that have ended, as this process counted them.");

    private static readonly Counter<long> Faults =
        Instruments.CreateCounter("watch.faults", "{fault}", "Listings and submissions of this process that failed or were refused.");

    private static readonly Histogram<double> PassDuration =
        Instruments.CreateDuration("watch.pass.duration", "Time to list a watched container or folder once.");

    public static void CountFound(string watch, int images) => Found.Add(images, Tag(watch));

    public static void CountFinished(string watch, JobCounts counts)
    {
        Count("succeeded", counts.Succeeded);
        Count("failed", counts.Failed);
        Count("canceled", counts.Canceled);

        void Count(string state, int images)
        {
            if (images > 0)
            {
                Finished.Add(images, Tag(watch), new KeyValuePair<string, object?>(AttributeNames.State, state));
            }
        }
    }

    public static void CountFault(string watch) => Faults.Add(1, Tag(watch));

    /// <param name="started">By <see cref="Stopwatch"/>.</param>
    public static void RecordPass(string watch, long started) =>
        PassDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, Tag(watch));

    private static KeyValuePair<string, object?> Tag(string watch) => new(AttributeNames.Watch, watch);
}
