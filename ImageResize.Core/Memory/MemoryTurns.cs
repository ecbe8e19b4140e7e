namespace ImageResize.Core.Memory;

/// <summary>
/// Queues work so that callers take turns: next is the caller that has been given the least memory so far. A caller that had nothing queued
/// starts where the caller served last stands. The work of one caller is in the order of its priority. Not thread-safe.
/// </summary>
internal sealed class MemoryTurns<TWork>
{
    private readonly Dictionary<string, CallerTurn> _callers = [];
    private long _served;

    public void Enqueue(TWork work, MemoryTurn turn, long arrival)
    {
        if (!_callers.TryGetValue(turn.Caller, out var caller))
        {
            _callers.Add(turn.Caller, caller = new CallerTurn());
        }

        if (caller.Queue.Count == 0)
        {
            caller.Served = Math.Max(caller.Served, _served);
            caller.Since = arrival;
        }

        caller.Queue.Enqueue(work, (turn.Priority, arrival));
    }

    public bool TryPeek(out TWork? work)
    {
        work = default;

        return Next()?.Queue.TryPeek(out work, out _) ?? false;
    }

    /// <summary>Removes the work that <see cref="TryPeek"/> returns.</summary>
    /// <param name="bytes">The memory that the work is given.</param>
    public TWork Dequeue(long bytes)
    {
        var next = Next()!;
        _served = next.Served;
        next.Served += bytes;
        var work = next.Queue.Dequeue();
        RemoveIdle();

        return work;
    }

    /// <summary>Among callers that have been given the same amount, the one that has waited longest is next.</summary>
    private CallerTurn? Next() => _callers.Values
        .Where(caller => caller.Queue.Count > 0)
        .MinBy(caller => (caller.Served, caller.Since));

    /// <summary>Removes callers that would start at the same position if they came back.</summary>
    private void RemoveIdle()
    {
        foreach (var (name, caller) in _callers)
        {
            if (caller.Queue.Count == 0 && caller.Served <= _served)
            {
                _callers.Remove(name);
            }
        }
    }

    private sealed class CallerTurn
    {
        public PriorityQueue<TWork, (long Priority, long Arrival)> Queue { get; } = new();

        /// <summary>In bytes.</summary>
        public long Served { get; set; }

        public long Since { get; set; }
    }
}
