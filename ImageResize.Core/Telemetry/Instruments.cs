using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ImageResize.Core.Telemetry;

/// <summary>
/// The source of spans and the meter of this program. Names and units follow the semantic conventions of OpenTelemetry. Without a
/// listener, an instrument costs a few nanoseconds.
/// </summary>
public static class Instruments
{
    /// <summary>The name of the meters and of the source of spans.</summary>
    public const string Name = "ImageResize";

    /// <summary>Upper bounds of buckets in seconds: the fastest decode takes about a millisecond, a large batch hours.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200],
    };

    public static ActivitySource Activities { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    /// <param name="name">Without the prefix, for example <c>job.duration</c>.</param>
    public static Histogram<double> CreateDuration(string name, string description) =>
        Meter.CreateHistogram($"imageresize.{name}", "s", description, tags: null, Seconds);

    /// <param name="name">Without the prefix, for example <c>jobs.accepted</c>.</param>
    /// <param name="unit">What is counted, for example <c>{job}</c>.</param>
    public static Counter<long> CreateCounter(string name, string unit, string description) =>
        Meter.CreateCounter<long>($"imageresize.{name}", unit, description);
}
