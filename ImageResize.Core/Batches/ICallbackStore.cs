using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Batches;

/// <summary>Stores the callbacks of ended batches beside the batches' headers.</summary>
public interface ICallbackStore
{
    /// <summary>Adds the callback of a batch that ends. A callback that exists already is not changed.</summary>
    /// <returns>The stored callback.</returns>
    Task<CallbackStatus> AddOrGetAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken);

    /// <returns>Null before the batch has ended, and if the batch has no callback.</returns>
    Task<CallbackStatus?> FindAsync(BatchId id, CancellationToken cancellationToken);

    /// <summary>Replaces the callback, unless another version is stored.</summary>
    /// <returns>Whether it was replaced.</returns>
    Task<bool> TryReplaceAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken);
}
