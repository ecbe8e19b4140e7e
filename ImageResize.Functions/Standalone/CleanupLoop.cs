using ImageResize.Functions.Functions;

namespace ImageResize.Functions.Standalone;

/// <summary>Runs the hourly cleanup without a Functions host's timer.</summary>
internal sealed partial class CleanupLoop(HourlyCleanup cleanup, TimeProvider clock, ILogger<CleanupLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await cleanup.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogFault(fault.Message.Split('\n')[0]);
            }

            await Task.Delay(Triggers.HourlyPeriod, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(
        19002,
        LogLevel.Warning,
        "Expired data could not be deleted; retrying in an hour: {Reason}",
        EventName = "CleanupLoopFault")]
    private partial void LogFault(string reason);
}
