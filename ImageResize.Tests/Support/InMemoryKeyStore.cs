using ImageResize.Core.Idempotency;

namespace ImageResize.Tests.Support;

/// <summary>Keeps keys as the table does; passes the same contract tests.</summary>
internal sealed class InMemoryKeyStore : IKeyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IdempotencyKey, KeyState> _states = [];
    private int _version;

    /// <summary>Thrown by every call while it is set: storage away.</summary>
    public Exception? Fault { get; set; }

    public Task<KeyState?> FindAddedAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken) =>
        Locked(() => _states.ContainsKey(key) ? null : Store(key, state));

    public Task<KeyState?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        Locked(() => _states.GetValueOrDefault(key));

    public Task<KeyState?> FindReplacedAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken) =>
        Locked(() => Stands(key, state) ? Store(key, state) : null);

    public Task RemoveAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken) =>
        Locked(() => Stands(key, state) && _states.Remove(key));

    public Task RemoveOutdatedAsync(DateTimeOffset now, CancellationToken cancellationToken) => Locked(() =>
    {
        foreach (var (key, _) in _states.Where(state => state.Value.Until < now).ToList())
        {
            _states.Remove(key);
        }

        return true;
    });

    private bool Stands(IdempotencyKey key, KeyState state) =>
        _states.TryGetValue(key, out var stored) && stored.Version == state.Version;

    private KeyState Store(IdempotencyKey key, KeyState state) => _states[key] = state with { Version = $"v{++_version}" };

    private Task<T> Locked<T>(Func<T> act)
    {
        lock (_lock)
        {
            return Fault is null ? Task.FromResult(act()) : Task.FromException<T>(Fault);
        }
    }
}
