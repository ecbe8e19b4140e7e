namespace ImageResize.Client;

/// <summary>A container or folder whose images the service processes as they appear.</summary>
/// <param name="Name">The operator's name for it.</param>
/// <param name="Source">The container, prefix or folder.</param>
/// <param name="IntervalSeconds">The pause between two listings; 0 if events announce the images.</param>
/// <param name="LastSeenAt">When an image was found last.</param>
/// <param name="Counts">Images and new versions of images, by outcome.</param>
/// <param name="OpenBatches">Batches that have not ended.</param>
/// <param name="Error">Why images can't be found or submitted; null if they can.</param>
public sealed record WatchedSource(
    string Name,
    string Source,
    int IntervalSeconds,
    DateTimeOffset? LastSeenAt,
    WatchedCounts Counts,
    int OpenBatches,
    WatchedError? Error);

/// <summary>Images of a watched source.</summary>
/// <param name="Found">All images and new versions of images.</param>
/// <param name="Succeeded">Those that were processed.</param>
/// <param name="Failed">Those that could not be processed.</param>
/// <param name="Canceled">Those whose batches were canceled.</param>
public sealed record WatchedCounts(long Found, long Succeeded, long Failed, long Canceled);

/// <summary>Why images of a source can't be found or submitted. The service tries again.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="At">Since when.</param>
public sealed record WatchedError(string Message, DateTimeOffset? At);

internal sealed record WatchPage(IReadOnlyList<WatchedSource> Watches);
