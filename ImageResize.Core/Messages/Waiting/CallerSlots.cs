namespace ImageResize.Core.Messages.Waiting;

/// <summary>
/// Limits how many messages of one caller and priority this process works on at once. A few more messages of the caller wait here, without
/// memory and threads, while those of other callers go ahead: one caller's slow sources delay only its own work. If many wait and none of
/// the caller's messages completes, they go back to the queue, so that messages behind them are received.
/// </summary>
/// <param name="slots">Fewer than the Functions host delivers at once with host.json, so that several callers share an instance.</param>
public sealed class CallerSlots(TimeProvider clock, int slots = CallerSlots.Default)
{
    /// <summary>Enough for a core: slices of large batches are limited by it, small messages by storage.</summary>
    public const int Default = 6;

    /// <summary>
    /// Messages with web images mostly wait for servers. They have slots of their own, and many, so that one slow server delays neither
    /// other servers' images nor files.
    /// </summary>
    public const int Remote = 100;

    /// <summary>A caller's messages are stuck if none of them has been given a slot for this long.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan MinReturn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxReturn = TimeSpan.FromMinutes(5);

    /// <summary>Messages return one after another, because a message that returns too early costs requests to storage.</summary>
    private static readonly TimeSpan ReturnInterval = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<CallerKey, CallerState> _callers = [];

    /// <returns>When a further message of the caller should be delivered, if its messages are stuck; else null.</returns>
    public TimeSpan? FindReturn(SliceMessage message)
    {
        lock (_callers)
        {
            return _callers.TryGetValue(CallerKey.Of(message), out var state)
                && state.Messages - state.PutBack >= 2 * state.Count
                && IsStuck(state)
                ? GetReturn(state)
                : null;
        }
    }

    /// <returns>To be disposed of when the message is done, or has been put back into the queue.</returns>
    public async Task<CallerSlot> TakeAsync(SliceMessage message, CancellationToken cancellationToken)
    {
        var key = CallerKey.Of(message);
        var state = Enter(key);
        var slot = new CallerSlot(left => Leave(key, left));
        try
        {
            // A message behind those that are stuck returns at once.
            for (var wait = TimeSpan.Zero; !await state.Slots.WaitAsync(wait, cancellationToken); wait = StuckAfter)
            {
                if (FindReturn(state) is { } delay)
                {
                    slot.PutBack(delay);

                    return slot;
                }
            }

            slot.IsTaken = true;
            lock (_callers)
            {
                state.Moved = clock.GetTimestamp();
            }

            return slot;
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    /// <returns>When the message should return; null if it may wait here. As many may wait as there are slots.</returns>
    private TimeSpan? FindReturn(CallerState state)
    {
        lock (_callers)
        {
            if (state.Messages - state.PutBack <= 2 * state.Count || !IsStuck(state))
            {
                return null;
            }

            state.PutBack++;

            return GetReturn(state);
        }
    }

    private bool IsStuck(CallerState state) => clock.GetElapsedTime(state.Moved) >= StuckAfter;

    private TimeSpan GetReturn(CallerState state)
    {
        var now = clock.GetElapsedTime(0);
        var delay = state.LastReturn - now + ReturnInterval;
        delay = delay < MinReturn ? MinReturn : delay > MaxReturn ? MaxReturn : delay;
        state.LastReturn = now + delay;

        return delay;
    }

    private CallerState Enter(CallerKey key)
    {
        lock (_callers)
        {
            if (!_callers.TryGetValue(key, out var state))
            {
                _callers.Add(key, state = new CallerState(key.IsRemote ? Remote : slots) { Moved = clock.GetTimestamp() });
            }

            state.Messages++;

            return state;
        }
    }

    private void Leave(CallerKey key, CallerSlot slot)
    {
        lock (_callers)
        {
            var state = _callers[key];
            state.Messages--;
            state.PutBack -= slot.ReturnsAfter is null ? 0 : 1;
            if (slot.IsTaken)
            {
                state.Slots.Release();
            }

            if (state.Messages == 0)
            {
                state.Slots.Dispose();
                _callers.Remove(key);
            }
        }
    }

    private readonly record struct CallerKey(string Caller, MessagePriority Priority, bool IsRemote)
    {
        public static CallerKey Of(SliceMessage message) => new(message.Caller ?? "", message.Priority, message.IsRemote);
    }

    private sealed class CallerState(int count)
    {
        public int Count { get; } = count;

        public SemaphoreSlim Slots { get; } = new(count);

        public int Messages { get; set; }

        /// <summary>Of these messages, how many are being put back into the queue.</summary>
        public int PutBack { get; set; }

        /// <summary>The timestamp at which a message got a slot.</summary>
        public long Moved { get; set; }

        /// <summary>When the last message that was put back returns.</summary>
        public TimeSpan LastReturn { get; set; }
    }
}

/// <summary>The place of a message among those of its caller.</summary>
public sealed class CallerSlot : IDisposable
{
    private readonly Action<CallerSlot> _leave;
    private bool _isDisposed;

    internal CallerSlot(Action<CallerSlot> leave) => _leave = leave;

    /// <summary>Not null if the message got no slot and should be queued again with this delay.</summary>
    public TimeSpan? ReturnsAfter { get; private set; }

    internal bool IsTaken { get; set; }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _leave(this);
        }
    }

    internal void PutBack(TimeSpan delay) => ReturnsAfter = delay;
}
