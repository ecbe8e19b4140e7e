namespace ImageResize.Core.Sources;

/// <summary>
/// Limits the memory of all sources that are being processed. Each source reserves a little at its start, and once more when its size is
/// known. Reservations wait for free memory; those of sources that have started come first. If all of them wait, the first exceeds the
/// limit, because otherwise none could ever finish.
/// </summary>
/// <param name="capacity">In bytes.</param>
public sealed class SourceMemory(long capacity)
{
    /// <summary>Bytes reserved at the start. Most sources need no more.</summary>
    internal const int Start = 1_000_000;

    private readonly Lock _lock = new();
    private readonly Queue<Turn> _growing = new();
    private readonly Queue<Turn> _entering = new();
    private long _free = capacity;

    /// <summary>The number of sources that have a reservation and are not waiting, so that they will release it.</summary>
    private int _working;

    /// <returns>A reservation of <see cref="Start"/> bytes, which is disposed with the source.</returns>
    public async Task<Room> EnterAsync(CancellationToken cancellationToken)
    {
        await WaitAsync(_entering, Start, isWorking: false, cancellationToken);

        return new Room(this);
    }

    private async Task WaitAsync(Queue<Turn> line, long bytes, bool isWorking, CancellationToken cancellationToken)
    {
        var turn = new Turn(bytes);
        lock (_lock)
        {
            // A waiting source releases nothing.
            _working -= isWorking ? 1 : 0;
            line.Enqueue(turn);
            LetIn();
        }

        await using var canceled = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    private async Task GrowAsync(long bytes, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAsync(_growing, bytes, isWorking: true, cancellationToken);
        }
        catch
        {
            lock (_lock)
            {
                _working++;
            }

            throw;
        }
    }

    private void Leave(long bytes)
    {
        lock (_lock)
        {
            _free += bytes;
            _working--;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_growing.TryPeek(out var turn) || _entering.TryPeek(out turn))
        {
            if (turn.Bytes > _free && _working > 0)
            {
                return;
            }

            _ = _growing.Count > 0 ? _growing.Dequeue() : _entering.Dequeue();
            if (turn.TrySetResult())
            {
                _free -= turn.Bytes;
                _working++;
            }
        }
    }

    private sealed class Turn(long bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Bytes { get; } = bytes;
    }

    /// <summary>The reservation of one source.</summary>
    public sealed class Room : IDisposable
    {
        private readonly SourceMemory _memory;
        private long _bytes = Start;

        internal Room(SourceMemory memory) => _memory = memory;

        /// <summary>Waits until the reservation has this size.</summary>
        public async Task GrowAsync(long bytes, CancellationToken cancellationToken)
        {
            if (bytes > _bytes)
            {
                await _memory.GrowAsync(bytes - _bytes, cancellationToken);
                _bytes = bytes;
            }
        }

        public void Dispose() => _memory.Leave(Interlocked.Exchange(ref _bytes, 0));
    }
}
