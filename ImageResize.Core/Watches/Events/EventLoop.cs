using ImageResize.Core.Watches.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Watches.Events;

/// <summary>Processes the queue of events while the program runs, if a watch relies on events.</summary>
public sealed partial class EventLoop(WatchEvents events, WatchList watches, TimeProvider clock, ILogger<EventLoop> logger)
    : BackgroundService
{
    private static readonly TimeSpan PollingInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isFaulty = false;
        while (watches.All.Any(watch => watch.Interval == TimeSpan.Zero) && !stoppingToken.IsCancellationRequested)
        {
            var pause = PollingInterval;
            try
            {
                pause = await events.ProcessAllAsync(stoppingToken) ? TimeSpan.Zero : PollingInterval;
                isFaulty = false;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (!isFaulty)
                {
                    LogFault(fault.Message.Split('\n')[0]);
                }

                (pause, isFaulty) = (RetryPause, true);
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(
        13102,
        LogLevel.Warning,
        "Events of blobs can't be processed; retrying until they can: {Reason}",
        EventName = "EventLoopFault")]
    private partial void LogFault(string reason);
}
