namespace ImageResize.Functions.Queue;

/// <summary>The hourly tick when there is no Functions host's timer.</summary>
internal sealed partial class RetentionLoop(HourlyWork work, TimeProvider clock, ILogger<RetentionLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work.DoAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogFault(fault.Message.Split('\n')[0]);
            }

            await Task.Delay(Hour, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Expired results could not be dropped, trying again in an hour: {Reason}")]
    private partial void LogFault(string reason);
}
