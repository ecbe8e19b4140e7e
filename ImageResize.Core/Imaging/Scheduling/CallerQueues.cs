namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Queues work so that callers take turns: next is the caller whose work has cost the least so far (start-time fair queueing, Goyal, Vin
/// and Cheng, 1996). A caller that had no work queued starts at the cost of the caller served last, so that idle
/// callers cannot save up turns. The work of one caller is in the order of its priority. Not thread-safe.
/// </summary>
internal sealed class CallerQueues
{
    private readonly Dictionary<string, CallerQueue> _callers = [];
    private double _served;

    public int Count { get; private set; }

    public IEnumerable<Task> Tasks => _callers.Values.SelectMany(caller => caller.Queue.UnorderedItems).Select(item => item.Element);

    public void Enqueue(Task task, ImagePriority priority, long arrival)
    {
        if (!_callers.TryGetValue(priority.Caller, out var caller))
        {
            _callers.Add(priority.Caller, caller = new CallerQueue());
        }

        if (caller.Queue.Count == 0)
        {
            caller.Cost = Math.Max(caller.Cost, _served);
        }

        caller.Queue.Enqueue(task, (priority.Number, arrival));
        Count++;
    }

    public bool TryDequeue(out Task? task)
    {
        var next = _callers.Values.Where(caller => caller.Queue.Count > 0).MinBy(caller => caller.Cost);
        if (next is null)
        {
            task = null;
            return false;
        }

        task = next.Queue.Dequeue();
        Count--;
        _served = next.Cost;
        next.Cost += ((ImageTurn)task.AsyncState!).Time.TotalSeconds;
        RemoveIdle();

        return true;
    }

    public bool Remove(Task task)
    {
        var isRemoved = _callers.TryGetValue(((ImageTurn)task.AsyncState!).Priority.Caller, out var caller)
            && caller.Queue.Remove(task, out _, out _);
        Count -= isRemoved ? 1 : 0;

        return isRemoved;
    }

    /// <summary>Removes callers that would start at the same cost if they came back.</summary>
    private void RemoveIdle()
    {
        foreach (var (name, caller) in _callers)
        {
            if (caller.Queue.Count == 0 && caller.Cost <= _served)
            {
                _callers.Remove(name);
            }
        }
    }

    private sealed class CallerQueue
    {
        public PriorityQueue<Task, (long Priority, long Arrival)> Queue { get; } = new();

        /// <summary>In seconds, of the work that was taken from the queue.</summary>
        public double Cost { get; set; }
    }
}

/// <summary>The place of work in the queue.</summary>
/// <param name="Time">The processor time that the work will take, as estimated.</param>
internal sealed record ImageTurn(ImagePriority Priority, TimeSpan Time)
{
    private static readonly TimeSpan LongTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether other callers' short work should not wait for this.</summary>
    public bool IsLong => Time >= LongTime;
}
