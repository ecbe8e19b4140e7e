namespace ImageResize.Core.Idempotency;

/// <summary>Keeps a state for each key. What is outdated counts as there until it is replaced or removed.</summary>
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

    /// <summary>Removes what was good until a moment before the one given, but nothing that is replaced meanwhile.</summary>
    Task RemoveOutdatedAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
