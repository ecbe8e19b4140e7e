using System.Diagnostics;
using System.Diagnostics.Metrics;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Memory;
using ImageResize.Core.Messages;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Statistics;

/// <summary>
/// The state of this process and of the queues as metrics. Metrics are read without waiting, so those of the queues are the last that
/// were read; they are left out when storage has not responded for a while.
/// </summary>
public sealed class ServiceGauges : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(2);

    private readonly Meter _meter = new(Instruments.Name);
    private readonly IBacklog _backlog;
    private readonly TimeProvider _clock;
    private volatile Reading? _last;

    public ServiceGauges(IBacklog backlog, ImageScheduler images, MemoryBudget sources, TimeProvider clock)
    {
        (_backlog, _clock) = (backlog, clock);
        _meter.CreateObservableGauge(
            "imageresize.images.in_work", () => images.InWork, "{image}", "Images that are being decoded.");
        _meter.CreateObservableGauge(
            "imageresize.child_processes", () => IsolatedThumbnailer.ChildProcesses, "{process}", "Child processes that decode images.");
        _meter.CreateObservableGauge<long>(
            "imageresize.memory.used",
            () => [Of(sources.Used, AttributeNames.Budget, "sources"), Of(images.MemoryUsed, AttributeNames.Budget, "decoding")],
            "By",
            "Memory that is reserved for sources and for decoding large images.");
        _meter.CreateObservableGauge(
            "imageresize.queue.messages",
            () => Read(queue => (long)queue.Messages),
            "{message}",
            "Messages waiting or at work, about, of all instances together.");
        _meter.CreateObservableGauge(
            "imageresize.queue.oldest_message.age",
            () => Read(queue => queue.OldestAge.TotalSeconds),
            "s",
            "Time since the first message that is not being processed was sent.");
    }

    /// <summary>Reads the queues for the metrics.</summary>
    public async Task<IReadOnlyList<QueueBacklog>> RefreshAsync(CancellationToken cancellationToken)
    {
        var queues = await _backlog.ReadAsync(cancellationToken);
        _last = new Reading(queues, _clock.GetTimestamp());

        return queues;
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> Read<T>(Func<QueueBacklog, T> read)
        where T : struct =>
        _last is { } last && _clock.GetElapsedTime(last.Timestamp) < MaxAge
            ? last.Queues.Select(queue => Of(read(queue), AttributeNames.Queue, NameOf(queue)))
            : [];

    private static string NameOf(QueueBacklog queue) =>
        (queue.Priority == MessagePriority.Bulk ? "bulk" : "interactive") + (queue.IsPoison ? "-poison" : "");

    private static Measurement<T> Of<T>(T value, string attribute, string text)
        where T : struct =>
        new(value, new TagList { { attribute, text } });

    private sealed record Reading(IReadOnlyList<QueueBacklog> Queues, long Timestamp);
}
