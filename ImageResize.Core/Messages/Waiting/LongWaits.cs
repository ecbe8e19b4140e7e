namespace ImageResize.Core.Messages.Waiting;

/// <summary>
/// Counts messages that have been waiting for web servers for more than half a second. They take hardly any memory and no thread, so the
/// standalone listener receives other messages in their place.
/// </summary>
public sealed class LongWaits(TimeProvider clock)
{
    /// <summary>For each priority. Each message costs a request to the queue every 20 seconds.</summary>
    internal const int Max = 512;

    private static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(500);

    private readonly int[] _counts = new int[Enum.GetValues<MessagePriority>().Length];

    public int Count(MessagePriority priority) => Math.Min(Volatile.Read(ref _counts[(int)priority]), Max);

    /// <returns>To be disposed of when the message no longer waits.</returns>
    public IDisposable Begin(MessagePriority priority) => new Wait(this, (int)priority);

    private sealed class Wait : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly LongWaits _waits;
        private readonly int _priority;
        private readonly ITimer _timer;
        private bool _isCounted;
        private bool _isOver;

        public Wait(LongWaits waits, int priority)
        {
            _waits = waits;
            _priority = priority;
            _timer = waits.CreateTimer(Count);
        }

        public void Dispose()
        {
            _timer.Dispose();
            lock (_lock)
            {
                if (_isCounted && !_isOver)
                {
                    Interlocked.Decrement(ref _waits._counts[_priority]);
                }

                _isOver = true;
            }
        }

        private void Count()
        {
            lock (_lock)
            {
                if (!_isOver)
                {
                    _isCounted = true;
                    Interlocked.Increment(ref _waits._counts[_priority]);
                }
            }
        }
    }

    private ITimer CreateTimer(Action action) =>
        clock.CreateTimer(static state => ((Action)state!)(), action, LongWait, Timeout.InfiniteTimeSpan);
}
