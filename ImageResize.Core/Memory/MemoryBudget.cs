namespace ImageResize.Core.Memory;

/// <summary>
/// Limits the memory that concurrent work holds. Work that finds no room is queued, and no other work is admitted before the first in the
/// queue, so that large work is not delayed by small: first reservations that grow, because they hold memory already, then new ones, whose
/// callers take turns.
/// </summary>
/// <remarks>
/// If all reservations are waiting to grow, the first exceeds the budget, because otherwise they would wait for each other. For the same
/// reason, work that is larger than the whole budget runs as soon as nothing else does.
/// </remarks>
/// <param name="capacity">In bytes.</param>
public sealed class MemoryBudget(long capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<Request> _growing = new();
    private readonly MemoryTurns<Request> _entering = new();
    private readonly long _capacity = capacity;
    private long _free = capacity;
    private long _arrivals;

    /// <summary>The bytes that are reserved.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
            {
                return _capacity - _free;
            }
        }
    }

    /// <summary>Reservations that are not waiting to grow, and so will be released.</summary>
    private int _active;

    /// <returns>To be disposed of when the memory is no longer held.</returns>
    public async Task<MemoryReservation> ReserveAsync(long bytes, MemoryTurn turn, CancellationToken cancellationToken)
    {
        var request = new Request(bytes);
        lock (_lock)
        {
            _entering.Enqueue(request, turn, _arrivals++);
            Admit();
        }

        await WaitAsync(request, isGrowing: false, cancellationToken);
        return new MemoryReservation(this, bytes);
    }

    internal async Task GrowAsync(long bytes, CancellationToken cancellationToken)
    {
        var request = new Request(bytes);
        lock (_lock)
        {
            _active--;
            _growing.Enqueue(request);
            Admit();
        }

        await WaitAsync(request, isGrowing: true, cancellationToken);
    }

    internal void Release(long bytes)
    {
        lock (_lock)
        {
            _free += bytes;
            _active--;
            Admit();
        }
    }

    private async Task WaitAsync(Request request, bool isGrowing, CancellationToken cancellationToken)
    {
        if (!request.Task.IsCompleted)
        {
            await using var canceled = cancellationToken.Register(() => Cancel(request, isGrowing, cancellationToken));
            await request.Task;
        }
    }

    private void Cancel(Request request, bool isGrowing, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (request.TrySetCanceled(cancellationToken))
            {
                _active += isGrowing ? 1 : 0;

                // The next request may need less memory than this one.
                Admit();
            }
        }
    }

    private void Admit()
    {
        while (_growing.TryPeek(out var next) || _entering.TryPeek(out next))
        {
            if (next!.Bytes > _free && _active > 0 && !next.Task.IsCanceled)
            {
                return;
            }

            _ = _growing.Count > 0 ? _growing.Dequeue() : _entering.Dequeue(next.Task.IsCanceled ? 0 : next.Bytes);
            if (next.TrySetResult())
            {
                _free -= next.Bytes;
                _active++;
            }
        }
    }

    private sealed class Request(long bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Bytes { get; } = bytes;
    }
}
