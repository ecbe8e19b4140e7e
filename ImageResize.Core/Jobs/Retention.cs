using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>Drops what is older than retention, a whole day at a time. Safe to run at once in many places.</summary>
public sealed partial class Retention(
    IEnumerable<IDailyStore> stores,
    IOptions<JobsOptions> options,
    TimeProvider clock,
    ILogger<Retention> logger)
{
    public static DateOnly FirstDayKept(DateTimeOffset now, int retentionDays) =>
        DateOnly.FromDateTime(now.UtcDateTime).AddDays(-retentionDays);

    public async Task DropExpiredAsync(CancellationToken cancellationToken)
    {
        var firstKept = FirstDayKept(clock.GetUtcNow(), options.Value.RetentionDays);
        foreach (var store in stores)
        {
            foreach (var day in await store.DropDaysBeforeAsync(firstKept, cancellationToken))
            {
                LogDropped(day, store.GetType().Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Day} was dropped from {Store}: retention is over")]
    private partial void LogDropped(DateOnly day, string store);
}
