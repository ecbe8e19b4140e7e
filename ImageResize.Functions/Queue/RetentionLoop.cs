using ImageResize.Core.Idempotency;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;

namespace ImageResize.Functions.Queue;

/// <summary>Drops expired days and old answers every hour when no Functions host's timer does.</summary>
internal sealed partial class RetentionLoop(
    Retention retention,
    FirstAnswers answers,
    UnfinishedSweep sweep,
    TimeProvider clock,
    ILogger<RetentionLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                sweep.Sweep();
                await retention.DropExpiredAsync(stoppingToken);
                await answers.RemoveOutdatedAsync(stoppingToken);
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
