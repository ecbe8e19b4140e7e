namespace ImageResize.Core.Storage.Queues;

/// <summary>
/// Wakes this process's queue listener when this process has sent a message, so that the message does not wait for the next poll.
/// </summary>
public sealed class ArrivalSignal : IDisposable
{
    private readonly SemaphoreSlim _arrived = new(0, 1);

    public void Set()
    {
        try
        {
            _arrived.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already set.
        }
    }

    /// <summary>Returns when the signal is set, or after the timeout.</summary>
    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _arrived.WaitAsync(timeout, cancellationToken);

    public void Dispose() => _arrived.Dispose();
}
