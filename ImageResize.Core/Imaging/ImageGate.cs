namespace ImageResize.Core.Imaging;

/// <summary>When its images come to the gate: the lowest first.</summary>
public readonly record struct GateTurn(long Number);

/// <summary>
/// The one place that decides how many images are decoded at once: as many as there are cores. Urgent ones go first, so that a single
/// image waits for one of a large batch at most, not for all of them. The rest goes by turns: what began first is done first, so that
/// of many slices at work one after another ends, not all of them in the last moment.
/// </summary>
public sealed class ImageGate
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, (long Turn, long Came)> _line = new();
    private long _turns;
    private long _came;
    private int _free;

    public ImageGate()
        : this(Environment.ProcessorCount)
    {
    }

    internal ImageGate(int width)
    {
        Width = width;
        _free = width;
    }

    public int Width { get; }

    /// <summary>For all images that belong together.</summary>
    public GateTurn TakeTurn(bool isUrgent) => new(isUrgent ? 0 : Interlocked.Increment(ref _turns));

    /// <summary>Runs work that keeps a core busy, when one is free.</summary>
    public Task<T> RunAsync<T>(Func<T> work, GateTurn turn, CancellationToken cancellationToken) =>
        RunAsync(() => Task.Run(work, cancellationToken), turn, cancellationToken);

    /// <summary>Runs work that keeps a core busy elsewhere, in a process of ours.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, GateTurn turn, CancellationToken cancellationToken)
    {
        await EnterAsync(turn, cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            Leave();
        }
    }

    private async Task EnterAsync(GateTurn turn, CancellationToken cancellationToken)
    {
        var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            _line.Enqueue(place, (turn.Number, _came++));
        }

        await using var canceled = cancellationToken.Register(() => place.TrySetCanceled(cancellationToken));
        await place.Task;
    }

    private void Leave()
    {
        lock (_lock)
        {
            while (_line.TryDequeue(out var next, out _))
            {
                // Whoever was canceled meanwhile has left the line.
                if (next.TrySetResult())
                {
                    return;
                }
            }

            _free++;
        }
    }
}
