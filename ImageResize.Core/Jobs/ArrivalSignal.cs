namespace ImageResize.Core.Jobs;

/// <summary>Wakes this process's own queue listener when this process has put work, so that it need not wait out its polling.</summary>
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
            // Set already, and nobody has looked yet.
        }
    }

    /// <summary>Returns when set, or when the time is up.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => _arrived.WaitAsync(longest, cancellationToken);

    public void Dispose() => _arrived.Dispose();
}
