using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;

namespace ImageResize.Tests.Support.InMemory;

/// <summary>Stores callbacks as the tables do, and passes the same contract tests.</summary>
/// <param name="jobs">The store of their batches: a callback is dropped with its batch.</param>
internal sealed class InMemoryCallbackStore(IJobStore jobs) : ICallbackStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BatchId, CallbackStatus> _callbacks = [];
    private int _version;

    /// <summary>Thrown by the next call that replaces a callback, as if the process had crashed before it.</summary>
    public Exception? NextFault { get; set; }

    public Task<CallbackStatus> AddOrGetAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _callbacks.TryAdd(id, callback with { Version = $"v{++_version}" });

            return Task.FromResult(_callbacks[id]);
        }
    }

    public async Task<CallbackStatus?> FindAsync(BatchId id, CancellationToken cancellationToken)
    {
        var isKept = await jobs.FindBatchAsync(id, cancellationToken) is not null;
        lock (_lock)
        {
            return isKept ? _callbacks.GetValueOrDefault(id) : null;
        }
    }

    public async Task<bool> TryReplaceAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken)
    {
        var isKept = await jobs.FindBatchAsync(id, cancellationToken) is not null;
        lock (_lock)
        {
            if (NextFault is { } fault)
            {
                NextFault = null;
                throw fault;
            }

            if (!isKept || !_callbacks.TryGetValue(id, out var stored) || stored.Version != callback.Version)
            {
                return false;
            }

            _callbacks[id] = callback with { Version = $"v{++_version}" };

            return true;
        }
    }
}
