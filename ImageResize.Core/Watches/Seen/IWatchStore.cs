using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Watches.Seen;

/// <summary>Stores what watches have seen and done. Instances agree by the version of a watch's state.</summary>
public interface IWatchStore
{
    /// <returns>A state without a version if none is stored.</returns>
    Task<WatchState> GetAsync(string watch, CancellationToken cancellationToken);

    /// <summary>Replaces the state and stores a change, all or nothing, unless another version is stored.</summary>
    /// <returns>The stored state, or null if another instance was faster.</returns>
    Task<WatchState?> TryReplaceAsync(WatchState state, WatchChange change, CancellationToken cancellationToken);

    /// <summary>Reads the hashes of all shards that have any.</summary>
    IAsyncEnumerable<(int Shard, byte[] Hashes)> ReadSeenAsync(string watch, CancellationToken cancellationToken);

    /// <summary>The batches of a watch that have not ended, the oldest first.</summary>
    Task<IReadOnlyList<WatchBatch>> ListBatchesAsync(string watch, CancellationToken cancellationToken);

    /// <summary>Removes the images of a batch that was submitted. Does nothing if the batch is not there any more.</summary>
    Task MarkSubmittedAsync(string watch, BatchId batch, CancellationToken cancellationToken);

    /// <summary>
    /// Makes an instance the owner of a watch, or renews its lease, unless another owner has renewed its own within the lease.
    /// </summary>
    /// <returns>Whether the instance is the owner.</returns>
    Task<bool> TryOwnAsync(string watch, string instance, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Ends the lease of an owner.</summary>
    Task ReleaseAsync(string watch, string instance, CancellationToken cancellationToken);
}
