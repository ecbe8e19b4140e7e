namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>The time that one image has taken so far, as counted by <see cref="Watchdog"/>.</summary>
public sealed class ProcessingTime : IDisposable
{
    private readonly Lock _lock;
    private readonly CancellationTokenSource _stop;
    private bool _isDisposed;
    private TimeSpan _elapsed;
    private TimeSpan _processorTime;

    /// <param name="watchdog">The lock under which the watchdog reads and counts.</param>
    internal ProcessingTime(Lock watchdog, CancellationToken cancellationToken)
    {
        _lock = watchdog;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Canceled when the image has to stop.</summary>
    public CancellationToken Token => _stop.Token;

    internal bool IsStopping { get; private set; }

    internal bool IsPaused { get; private set; }

    public void Dispose()
    {
        lock (_stop)
        {
            _isDisposed = true;
            _stop.Dispose();
        }
    }

    /// <summary>Time does not count while it is paused.</summary>
    internal void SetPaused(bool isPaused)
    {
        lock (_lock)
        {
            IsPaused = isPaused;
        }
    }

    internal void Add(TimeSpan elapsed, TimeSpan processorTime) =>
        (_elapsed, _processorTime) = (_elapsed + elapsed, _processorTime + processorTime);

    internal bool HasReached(Deadline deadline) => deadline.IsOver(_elapsed, _processorTime);

    /// <summary>Restarts the clock to count how long the image takes to stop.</summary>
    internal void BeginStopping() => (IsStopping, _elapsed, _processorTime) = (true, TimeSpan.Zero, TimeSpan.Zero);

    internal void Cancel()
    {
        lock (_stop)
        {
            if (!_isDisposed)
            {
                _stop.Cancel();
            }
        }
    }
}
