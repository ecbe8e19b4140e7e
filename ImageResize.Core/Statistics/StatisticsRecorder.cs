using System.Security.Cryptography;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Statistics;

/// <summary>Stores once a minute what this instance has done, so that any instance can show the last hours of all.</summary>
public sealed partial class StatisticsRecorder(
    IStatisticsStore store, ServiceGauges gauges, ImageScheduler images, TimeProvider clock, ILogger<StatisticsRecorder> logger)
    : BackgroundService
{
    /// <summary>Each instance writes at another second of the minute.</summary>
    private readonly TimeSpan _offset = TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(0, 50));

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private (WorkTotals Work, TimeSpan ProcessorTime, long Timestamp) _last =
        (WorkMetrics.Totals, Environment.CpuUsage.TotalTime, clock.GetTimestamp());

    /// <summary>The machine's name is not enough: several instances can run on it, and the next one may have the same process id.</summary>
    public string Instance { get; } = $"{Environment.MachineName}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}";

    /// <summary>Stores the work since the last call that succeeded.</summary>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        var (work, processorTime, timestamp) = (WorkMetrics.Totals, Environment.CpuUsage.TotalTime, clock.GetTimestamp());
        var elapsed = clock.GetElapsedTime(_last.Timestamp, timestamp);
        var queues = await gauges.RefreshAsync(cancellationToken);
        var minute = new InstanceMinute(FloorToMinute(clock.GetUtcNow()), Instance)
        {
            StartedAt = _startedAt,
            Work = work - _last.Work,
            CpuPercent = elapsed > TimeSpan.Zero
                ? Math.Round((processorTime - _last.ProcessorTime) / elapsed / Environment.ProcessorCount * 100, 1) : 0,
            MemoryBytes = Environment.WorkingSet,
            ImagesInWork = images.InWork,
            Queued = queues.Where(queue => !queue.IsPoison).Sum(queue => queue.Messages),
            Poisoned = queues.Where(queue => queue.IsPoison).Sum(queue => queue.Messages),
        };
        await store.AddAsync(minute, cancellationToken);
        _last = (work, processorTime, timestamp);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = clock.GetUtcNow();
                await Task.Delay(FloorToMinute(now).AddMinutes(1) + _offset - now, clock, stoppingToken);
                await RecordAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The next row includes this minute. An outage is reported by the queues and by readiness.
                LogNotStored(fault.Message.Split('\n')[0]);
            }
        }
    }

    private static DateTimeOffset FloorToMinute(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));

    [LoggerMessage(
        10001,
        LogLevel.Debug,
        "The statistics of this minute could not be stored: {Reason}",
        EventName = "StatisticsRecorderNotStored")]
    private partial void LogNotStored(string reason);
}
