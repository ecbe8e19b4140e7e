using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>Drops what is older than retention, a whole day at a time. Safe to run at once in many places.</summary>
public sealed partial class Retention(IJobStore jobs, IOptions<JobsOptions> options, TimeProvider clock, ILogger<Retention> logger)
{
    public static DateOnly FirstDayKept(DateTimeOffset now, int retentionDays) =>
        DateOnly.FromDateTime(now.UtcDateTime).AddDays(-retentionDays);

    public async Task DropExpiredAsync(CancellationToken cancellationToken)
    {
        var firstKept = FirstDayKept(clock.GetUtcNow(), options.Value.RetentionDays);
        foreach (var day in await jobs.DropDaysBeforeAsync(firstKept, cancellationToken))
        {
            LogDropped(day);
        }
    }

    [LoggerMessage(LogLevel.Information, "The results of {Day} were dropped: retention is over")]
    private partial void LogDropped(DateOnly day);
}
