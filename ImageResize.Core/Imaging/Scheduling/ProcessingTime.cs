namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>What one picture has taken so far, as its watchdog counts.</summary>
public sealed class ProcessingTime : IDisposable
{
    private readonly Lock _lock;
    private readonly CancellationTokenSource _stop;
    private bool _isDone;
    private TimeSpan _taken;
    private TimeSpan _worked;

    /// <param name="watchdog">The watchdog's lock: it reads and counts under it.</param>
    internal ProcessingTime(Lock watchdog, CancellationToken cancellationToken)
    {
        _lock = watchdog;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Says when to stop.</summary>
    public CancellationToken Token => _stop.Token;

    internal bool IsOver { get; private set; }

    internal bool IsWaiting { get; private set; }

    public void Dispose()
    {
        lock (_stop)
        {
            _isDone = true;
            _stop.Dispose();
        }
    }

    /// <summary>Time that passes while this is set is a slow source's, not the picture's.</summary>
    internal void SetWaiting(bool isWaiting)
    {
        lock (_lock)
        {
            IsWaiting = isWaiting;
        }
    }

    internal void Count(TimeSpan taken, TimeSpan worked) => (_taken, _worked) = (_taken + taken, _worked + worked);

    internal bool HasReached(Deadline deadline) => deadline.IsOver(_taken, _worked);

    /// <summary>From here on counts how long it takes to stop.</summary>
    internal void BeOver() => (IsOver, _taken, _worked) = (true, TimeSpan.Zero, TimeSpan.Zero);

    internal void Cancel()
    {
        lock (_stop)
        {
            if (!_isDone)
            {
                _stop.Cancel();
            }
        }
    }
}
