using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Watches.Settings;

/// <summary>A watched container or folder.</summary>
/// <param name="Name">The operator's name for it, in lower case.</param>
/// <param name="Source">A normalized folder.</param>
public sealed record Watch(string Name, SourceUri Source, JobActions Actions)
{
    /// <summary>The normalized web address that is called when a batch has ended.</summary>
    public string? Callback { get; init; }

    /// <summary>The caller to whom the batches belong; null if to none.</summary>
    public string? Caller { get; init; }

    /// <summary>The pause between two listings; zero if events announce the images.</summary>
    public TimeSpan Interval { get; init; }
}
