using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Retention;

/// <summary>Drops all data that is older than the retention, a whole day at a time. Several instances can run it at once.</summary>
public sealed partial class ExpiredDataCleanup(
    IEnumerable<IDailyStore> stores,
    RetentionPolicy retention,
    ILogger<ExpiredDataCleanup> logger)
{
    public async Task DropExpiredAsync(CancellationToken cancellationToken)
    {
        foreach (var store in stores)
        {
            foreach (var day in await store.DropDaysBeforeAsync(retention.FirstDayKept, cancellationToken))
            {
                LogDropped(day, store.GetType().Name);
            }
        }
    }

    [LoggerMessage(
        8001,
        LogLevel.Information,
        "Dropped {Day} from {Store}: its retention has ended",
        EventName = "ExpiredDataCleanupDropped")]
    private partial void LogDropped(DateOnly day, string store);
}
