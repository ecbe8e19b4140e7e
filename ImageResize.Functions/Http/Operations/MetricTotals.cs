using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ImageResize.Core.Jobs;

namespace ImageResize.Functions.Http.Operations;

/// <summary>The totals of <see cref="WorkMetrics"/>'s counters since the process started.</summary>
internal sealed class MetricTotals : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, long> _totals = new();

    public MetricTotals()
    {
        var meter = WorkMetrics.Meter;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
            {
                _totals.TryAdd(instrument, 0);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(
            (instrument, count, _, _) => _totals.AddOrUpdate(instrument, count, (_, total) => total + count));
        _listener.Start();
    }

    public IEnumerable<(string Name, string Description, long Total)> Read() =>
        _totals.Select(total => (total.Key.Name, total.Key.Description!, total.Value)).OrderBy(total => total.Name, StringComparer.Ordinal);

    public void Dispose() => _listener.Dispose();
}
