using ImageResize.Core.Watches.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Watches;

/// <summary>Lists all watches at their intervals while the program runs.</summary>
public sealed partial class WatchLoop(WatchList watches, WatchRun run, TimeProvider clock, ILogger<WatchLoop> logger) : BackgroundService
{
    /// <summary>A pass over many images takes at most a fifth of the time.</summary>
    private const int PausePerPass = 4;

    /// <summary>After a fault, and between two attempts to get the lease.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(watches.All.Where(watch => watch.Interval > TimeSpan.Zero).Select(watch => RunAsync(watch, stoppingToken)));

    private async Task RunAsync(Watch watch, CancellationToken stoppingToken)
    {
        var (times, isFaulty) = (new WatchTimes(), false);
        while (!stoppingToken.IsCancellationRequested)
        {
            var (started, pause) = (clock.GetTimestamp(), RetryPause);
            try
            {
                if (await run.RunOnceAsync(watch, times, stoppingToken))
                {
                    pause = Max(watch.Interval, PausePerPass * clock.GetElapsedTime(started));
                }

                isFaulty = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                WatchMetrics.CountFault(watch.Name);
                if (!isFaulty)
                {
                    LogFault(watch.Name, fault.Message.Split('\n')[0]);
                }

                isFaulty = true;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await ReleaseAsync(watch);
    }

    private async Task ReleaseAsync(Watch watch)
    {
        try
        {
            using var timeout = new CancellationTokenSource(ReleaseTimeout, clock);
            await run.ReleaseAsync(watch, timeout.Token);
        }
        catch (Exception)
        {
            // The lease ends by itself.
        }
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    [LoggerMessage(
        13002,
        LogLevel.Warning,
        "Watch {Watch} fails and is tried again every few seconds: {Reason}",
        EventName = "WatchLoopFault")]
    private partial void LogFault(string watch, string reason);
}
