using ImageResize.Core.Addresses;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Watches;

namespace ImageResize.Functions.Functions;

/// <summary>
/// Deletes expired results, uploads, thumbnails and idempotency keys, and unfinished files of processes that ended. Runs once an hour.
/// </summary>
public sealed class HourlyCleanup(
    ExpiredDataCleanup retention,
    ThumbnailCleanup thumbnails,
    VariantCleanup variants,
    IdempotencyService answers,
    UnfinishedSweep sweep,
    WatchTimer watches)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        sweep.Sweep();
        await retention.DropExpiredAsync(cancellationToken);
        await thumbnails.RemoveExpiredAsync(cancellationToken);
        await variants.RemoveExpiredAsync(cancellationToken);
        await answers.RemoveExpiredAsync(cancellationToken);
        await watches.SettleAsync(cancellationToken);
    }
}
