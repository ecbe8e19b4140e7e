using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ImageResize.Core.Telemetry;

/// <summary>A step of the work on an image: its time is measured, and it is a span if its trace is recorded.</summary>
public sealed class MeasuredStep
{
    private readonly string _name;
    private readonly string _attribute;
    private readonly Histogram<double> _duration;

    private MeasuredStep(string name, string attribute, string metric, string description) =>
        (_name, _attribute, _duration) = (name, attribute, Instruments.CreateDuration(metric, description));

    public static MeasuredStep ReadSource { get; } = new(
        "read source", AttributeNames.SourceKind, "source.read.duration", "Time to read a source, or its header if it is only measured.");

    public static MeasuredStep Decode { get; } = new(
        "decode", AttributeNames.Format, "image.decode.duration", "Time to decode an image at a reduced scale, in this process.");

    public static MeasuredStep Encode { get; } = new(
        "encode", AttributeNames.Format, "image.encode.duration", "Time to resize and encode a thumbnail, in this process.");

    public static MeasuredStep StoreThumbnail { get; } = new(
        "store thumbnail", AttributeNames.StoreKind, "thumbnail.store.duration", "Time to store a thumbnail.");

    /// <param name="value">The value of the step's attribute, one of few.</param>
    public Running Start(string value)
    {
        var activity = Activity.Current is null ? null : Instruments.Activities.StartActivity(_name);
        activity?.SetTag(_attribute, value);

        return new Running(this, value, _duration.Enabled ? Stopwatch.GetTimestamp() : 0, activity);
    }

    /// <summary>A step that ends when this is disposed of.</summary>
    public readonly struct Running : IDisposable
    {
        private readonly MeasuredStep _step;
        private readonly string _value;
        private readonly long _started;
        private readonly Activity? _activity;

        internal Running(MeasuredStep step, string value, long started, Activity? activity) =>
            (_step, _value, _started, _activity) = (step, value, started, activity);

        public void Dispose()
        {
            if (_started != 0)
            {
                _step._duration.Record(
                    Stopwatch.GetElapsedTime(_started).TotalSeconds, new KeyValuePair<string, object?>(_step._attribute, _value));
            }

            _activity?.Dispose();
        }
    }
}
