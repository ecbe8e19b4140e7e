namespace ImageResize.Core.Idempotency;

/// <summary>
/// Stores a state for each idempotency key, and measures its age by one clock for all instances. Expired states are returned too.
/// </summary>
public interface IIdempotencyStore
{
    /// <returns>The stored state, or null if the key has one already.</returns>
    Task<KeyState?> TryAddAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken);

    Task<KeyState?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Replaces the state, unless another version is stored.</summary>
    /// <returns>The stored state, or null if it was not replaced.</returns>
    Task<KeyState?> TryReplaceAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken);

    /// <summary>Removes the state, unless another version is stored.</summary>
    Task RemoveAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken);

    /// <summary>Removes all older states, except those that are replaced meanwhile.</summary>
    Task RemoveOlderAsync(TimeSpan age, CancellationToken cancellationToken);
}
