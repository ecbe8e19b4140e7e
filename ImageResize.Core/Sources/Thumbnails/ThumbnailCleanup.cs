using ImageResize.Core.Retention;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Thumbnails;

/// <summary>Removes thumbnails of uploads and web images after their retention. Several instances can run it at once.</summary>
public sealed partial class ThumbnailCleanup(
    IEnumerable<IThumbnailStore> stores,
    IOptions<ThumbnailOptions> options,
    RetentionPolicy retention,
    TimeProvider clock,
    ILogger<ThumbnailCleanup> logger)
{
    public async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        if (options.Value.RetentionDays < 0)
        {
            return;
        }

        var time = options.Value.RetentionDays == 0
            ? new DateTimeOffset(retention.FirstDayKept, TimeOnly.MinValue, TimeSpan.Zero)
            : clock.GetUtcNow().AddDays(-options.Value.RetentionDays);
        foreach (var store in stores)
        {
            try
            {
                var removed = await store.RemoveCallersBeforeAsync(time, cancellationToken);
                if (removed > 0)
                {
                    LogRemoved(removed, store.GetType().Name);
                }
            }
            catch (ThumbnailStoreException fault)
            {
                LogFailed(fault.Message);
            }
        }
    }

    [LoggerMessage(
        6003,
        LogLevel.Information,
        "Removed {Thumbnails} expired thumbnails of uploads and web images from {Store}",
        EventName = "ThumbnailCleanupRemoved")]
    private partial void LogRemoved(int thumbnails, string store);

    [LoggerMessage(
        6004,
        LogLevel.Warning,
        "Expired thumbnails could not be removed; retrying in an hour: {Reason}",
        EventName = "ThumbnailCleanupFailed")]
    private partial void LogFailed(string reason);
}
