using ImageResize.Core.Watches;

namespace ImageResize.Functions.Http.Watches;

/// <param name="Watches">By name.</param>
internal sealed record WatchListReply(IReadOnlyList<WatchReply> Watches);

/// <summary>A watched container or folder.</summary>
/// <param name="IntervalSeconds">The pause between two listings; 0 if events announce the images.</param>
/// <param name="LastSeenAt">When an image was found last.</param>
/// <param name="OpenBatches">The number of batches that have not ended.</param>
internal sealed record WatchReply(
    string Name,
    string Source,
    int IntervalSeconds,
    DateTimeOffset? LastSeenAt,
    WatchCounts Counts,
    int OpenBatches,
    WatchError? Error)
{
    public static WatchReply Of(WatchStatus status) => new(
        status.Watch.Name,
        status.Watch.Source.Redacted,
        (int)status.Watch.Interval.TotalSeconds,
        status.State.LastSeenAt,
        new WatchCounts(status.State.Found, status.State.Succeeded, status.State.Failed, status.State.Canceled),
        status.OpenBatches,
        status.State.Error is { } error ? new WatchError(error, status.State.ErrorAt) : null);
}

/// <param name="Found">Images and versions of images that were found.</param>
internal sealed record WatchCounts(long Found, long Succeeded, long Failed, long Canceled);

/// <param name="Message">Why the source can't be listed, or a batch wasn't submitted. It's tried again.</param>
internal sealed record WatchError(string Message, DateTimeOffset? At);
