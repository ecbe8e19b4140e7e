namespace ImageResize.Core.Imaging;

/// <summary>
/// The one place that decides how many images are decoded at once: as many as there are cores. Urgent ones go first, so that a single
/// image waits for one of a large batch at most, not for all of them.
/// </summary>
public sealed class ImageGate
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _urgent = new();
    private readonly Queue<TaskCompletionSource> _patient = new();
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

    /// <summary>Runs work that keeps a core busy, when one is free.</summary>
    public Task<T> RunAsync<T>(Func<T> work, bool isUrgent, CancellationToken cancellationToken) =>
        RunAsync(() => Task.Run(work, cancellationToken), isUrgent, cancellationToken);

    /// <summary>Runs work that keeps a core busy elsewhere, in a process of ours.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, bool isUrgent, CancellationToken cancellationToken)
    {
        await EnterAsync(isUrgent ? _urgent : _patient, cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            Leave();
        }
    }

    private async Task EnterAsync(Queue<TaskCompletionSource> line, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            line.Enqueue(turn);
        }

        await using var canceled = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    private void Leave()
    {
        lock (_lock)
        {
            while (_urgent.TryDequeue(out var next) || _patient.TryDequeue(out next))
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
