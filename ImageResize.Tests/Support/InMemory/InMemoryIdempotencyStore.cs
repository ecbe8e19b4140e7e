using ImageResize.Core.Idempotency;

namespace ImageResize.Tests.Support.InMemory;

/// <summary>Stores keys as the table does, and passes the same contract tests.</summary>
internal sealed class InMemoryIdempotencyStore(TimeProvider clock) : IIdempotencyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IdempotencyKey, (KeyState State, DateTimeOffset At)> _states = [];
    private int _version;

    /// <summary>Thrown by every call while it is set.</summary>
    public Exception? Fault { get; set; }

    public Task<KeyState?> TryAddAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken) =>
        Locked(() => _states.ContainsKey(key) ? null : Store(key, state));

    public Task<KeyState?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        Locked(() => _states.TryGetValue(key, out var stored) ? stored.State with { Age = clock.GetUtcNow() - stored.At } : null);

    public Task<KeyState?> TryReplaceAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken) =>
        Locked(() => Stands(key, state) ? Store(key, state) : null);

    public Task RemoveAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken) =>
        Locked(() => Stands(key, state) && _states.Remove(key));

    public Task RemoveOlderAsync(TimeSpan age, CancellationToken cancellationToken) => Locked(() =>
    {
        foreach (var (key, _) in _states.Where(state => clock.GetUtcNow() - state.Value.At > age).ToList())
        {
            _states.Remove(key);
        }

        return true;
    });

    private bool Stands(IdempotencyKey key, KeyState state) =>
        _states.TryGetValue(key, out var stored) && stored.State.Version == state.Version;

    private KeyState Store(IdempotencyKey key, KeyState state)
    {
        _states[key] = (state with { Age = TimeSpan.Zero, Version = $"v{++_version}" }, clock.GetUtcNow());

        return _states[key].State;
    }

    private Task<T> Locked<T>(Func<T> act)
    {
        lock (_lock)
        {
            return Fault is null ? Task.FromResult(act()) : Task.FromException<T>(Fault);
        }
    }
}
