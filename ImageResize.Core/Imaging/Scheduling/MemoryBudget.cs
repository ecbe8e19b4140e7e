namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Lets in what needs memory, as much at once as there is room for. The rest waits in line, the lowest turn first, and nobody passes
/// whoever is first: what needs much is not kept waiting by what needs little. What needs more than all the room gets all of it.
/// </summary>
internal sealed class MemoryBudget(long room)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Place, (long Turn, long Came)> _line = new();
    private readonly long _room = room;
    private long _free = room;
    private long _came;

    /// <returns>To be disposed of by who leaves.</returns>
    public async Task<IDisposable> EnterAsync(long amount, ImagePriority turn, CancellationToken cancellationToken)
    {
        var place = new Place(this, Math.Min(amount, _room));
        lock (_lock)
        {
            _line.Enqueue(place, (turn.Number, _came++));
            LetIn();
        }

        if (!place.Task.IsCompleted)
        {
            await using var canceled = cancellationToken.Register(() => GiveUp(place, cancellationToken));
            await place.Task;
        }

        return place;
    }

    private void GiveUp(Place place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // It may have been the first, for which there was no room.
            place.TrySetCanceled(cancellationToken);
            LetIn();
        }
    }

    private void Leave(long amount)
    {
        lock (_lock)
        {
            _free += amount;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_line.TryPeek(out var next, out _) && (next.Amount <= _free || next.Task.IsCanceled))
        {
            _line.Dequeue();
            _free -= next.TrySetResult() ? next.Amount : 0;
        }
    }

    private sealed class Place(MemoryBudget gate, long amount) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), IDisposable
    {
        public long Amount { get; } = amount;

        public void Dispose() => gate.Leave(Amount);
    }
}
