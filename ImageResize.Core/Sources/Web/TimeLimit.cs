namespace ImageResize.Core.Sources.Web;

/// <summary>Limits a single wait, and the total time since the creation of this object.</summary>
internal sealed class TimeLimit(TimeSpan total, TimeSpan idle, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _paused;

    /// <returns>To be disposed of at the end of a time that does not count.</returns>
    public IDisposable Pause() => new Pausing(this, clock.GetTimestamp());

    /// <exception cref="TimeoutException">One of the limits was exceeded.</exception>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        var left = total - (clock.GetElapsedTime(_start) - _paused);

        if (left <= TimeSpan.Zero)
        {
            throw new TimeoutException();
        }

        using var timer = new CancellationTokenSource(left < idle ? left : idle, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);

        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private TimeSpan GetElapsedTime(long start) => clock.GetElapsedTime(start);

    private sealed class Pausing(TimeLimit limit, long start) : IDisposable
    {
        public void Dispose() => limit._paused += limit.GetElapsedTime(start);
    }
}
