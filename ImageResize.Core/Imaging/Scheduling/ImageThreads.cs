namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Threads kept for what keeps a core busy. On those of the pool it would go before what came later, answers of storage and callers'
/// requests too: they waited for a tenth of a second and more while a folder was worked on.
/// </summary>
/// <param name="width">How many at most. They are made when there is work, and end when there has been none for a while.</param>
/// <param name="start">Starts one, or throws where there are no more to be had.</param>
internal sealed class ImageThreads(int width, Action<Thread> start) : TaskScheduler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PriorityQueue<Task, (long Turn, long Came)> _line = new();
    private long _came;
    private int _threads;
    private int _idle;

    /// <summary>Runs work in its turn. Canceled before that, it does not run, and nobody waits for it.</summary>
    public Task<T> RunAsync<T>(Func<T> work, ImagePriority turn, CancellationToken cancellationToken)
    {
        // Not by a factory: it would leave a canceled task in the line until it is its turn.
        const TaskCreationOptions Apart = TaskCreationOptions.RunContinuationsAsynchronously | TaskCreationOptions.HideScheduler;
        var task = new Task<T>(_ => work(), turn, cancellationToken, Apart);
        try
        {
            task.Start(this);
        }
        catch (InvalidOperationException) when (task.IsCanceled)
        {
            // Before it could begin to wait.
        }

        return task;
    }

    protected override void QueueTask(Task task)
    {
        var turn = (ImagePriority)task.AsyncState!;
        lock (_line)
        {
            if (_line.Count >= _idle && _threads < width)
            {
                Begin();
            }

            _line.Enqueue(task, (turn.Number, _came++));
            Monitor.Pulse(_line);
        }
    }

    protected override bool TryDequeue(Task task)
    {
        lock (_line)
        {
            return _line.Remove(task, out _, out _);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_line)
        {
            return [.. _line.UnorderedItems.Select(waiting => waiting.Element)];
        }
    }

    /// <summary>Counts a thread only once it is there: work that waited for one that is not would wait for ever.</summary>
    private void Begin()
    {
        try
        {
            start(new Thread(WorkOff) { IsBackground = true, Name = "Images" });
            _threads++;
        }
        catch (OutOfMemoryException) when (_threads > 0)
        {
            // Those that there are have to do.
        }
    }

    private void WorkOff()
    {
        while (FindNext() is { } task)
        {
            TryExecuteTask(task);
        }
    }

    private Task? FindNext()
    {
        lock (_line)
        {
            while (true)
            {
                if (_line.TryDequeue(out var next, out _))
                {
                    return next;
                }

                _idle++;
                var isWoken = Monitor.Wait(_line, Patience);
                _idle--;
                if (!isWoken && _line.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }
        }
    }
}
