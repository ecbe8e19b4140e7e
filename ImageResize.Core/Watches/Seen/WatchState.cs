using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Watches.Seen;

/// <summary>What a watch has found and done, over all instances and restarts.</summary>
/// <param name="Watch">The watch's name.</param>
public sealed record WatchState(string Watch)
{
    /// <summary>Images and versions of images that were found.</summary>
    public long Found { get; init; }

    /// <summary>The images of ended batches, by outcome.</summary>
    public long Succeeded { get; init; }

    /// <inheritdoc cref="Succeeded"/>
    public long Failed { get; init; }

    /// <inheritdoc cref="Succeeded"/>
    public long Canceled { get; init; }

    /// <summary>When an image was found last.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Why the source could not be listed, or a batch could not be submitted; null if the last attempt succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>When <see cref="Error"/> occurred first.</summary>
    public DateTimeOffset? ErrorAt { get; init; }

    /// <summary>The store's version; empty before the state is stored.</summary>
    public string Version { get; init; } = "";

    public WatchState Add(JobCounts counts) => this with
    {
        Succeeded = Succeeded + counts.Succeeded,
        Failed = Failed + counts.Failed,
        Canceled = Canceled + counts.Canceled,
    };
}

/// <summary>A batch of a watch whose jobs have not all ended.</summary>
/// <param name="Pending">The images while the batch is not known to be submitted; null afterwards.</param>
public sealed record WatchBatch(BatchId Id, IReadOnlyList<SourceUri>? Pending = null)
{
    /// <summary>The time since it was stored, by the store's clock.</summary>
    public TimeSpan Age { get; init; }
}

/// <summary>What is stored together with a state, all or nothing.</summary>
public sealed record WatchChange
{
    /// <summary>The new hashes of shards, by number, as <see cref="SeenImages"/> writes them.</summary>
    public IReadOnlyDictionary<int, byte[]> Seen { get; init; } = new Dictionary<int, byte[]>();

    public WatchBatch? Added { get; init; }

    public BatchId? Removed { get; init; }
}
