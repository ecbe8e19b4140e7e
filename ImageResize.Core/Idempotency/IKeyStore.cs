namespace ImageResize.Core.Idempotency;

/// <summary>Keeps a state for each key, and its age by one clock for all who ask. None is too old to be there.</summary>
public interface IKeyStore
{
    /// <returns>The state as stored, or null when the key has one already.</returns>
    Task<KeyState?> FindAddedAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken);

    Task<KeyState?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Stores the state if what stands is still the version given.</summary>
    /// <returns>The state as stored, or null when someone else was faster.</returns>
    Task<KeyState?> FindReplacedAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken);

    /// <summary>Frees the key if what stands is still the version given.</summary>
    Task RemoveAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken);

    /// <summary>Removes what is older, but nothing that is replaced meanwhile.</summary>
    Task RemoveOlderAsync(TimeSpan age, CancellationToken cancellationToken);
}
