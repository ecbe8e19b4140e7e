using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Addresses;

/// <summary>Removes thumbnails of addresses after their retention. Several instances can run it at once.</summary>
public sealed partial class VariantCleanup(
    IEnumerable<IThumbnailStore> stores, IOptions<AddressOptions> options, TimeProvider clock, ILogger<VariantCleanup> logger)
{
    public async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var time = clock.GetUtcNow().AddDays(-options.Value.RetentionDays);
        foreach (var store in stores)
        {
            try
            {
                var removed = await store.RemoveAddressesBeforeAsync(time, cancellationToken);
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
        7001,
        LogLevel.Information,
        "Removed {Thumbnails} expired thumbnails of addresses from {Store}",
        EventName = "VariantCleanupRemoved")]
    private partial void LogRemoved(int thumbnails, string store);

    [LoggerMessage(
        7002,
        LogLevel.Warning,
        "Expired thumbnails of addresses could not be removed; retrying in an hour: {Reason}",
        EventName = "VariantCleanupFailed")]
    private partial void LogFailed(string reason);
}
