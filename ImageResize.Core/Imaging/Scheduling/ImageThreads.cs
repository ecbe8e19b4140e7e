using ImageResize.Core.Imaging.Isolation.Processes;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Threads for work that keeps a core busy. On the thread pool, such work delays everything queued after it, such as responses of storage
/// and callers' requests: these waited for a tenth of a second and more while a folder was being processed.
/// </summary>
/// <remarks>
/// Work cannot be interrupted. While all threads are busy with long work, such as a large AVIF, one more thread does short work, and the
/// operating system shares the cores between them.
/// </remarks>
/// <param name="width">Threads at most, without the one for short work. They start on demand and end after a while without work.</param>
/// <param name="start">Starts a thread, or throws <see cref="OutOfMemoryException"/> if the system has no more.</param>
internal sealed class ImageThreads(int width, Action<Thread> start) : TaskScheduler
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly CallerQueues _short = new();
    private readonly CallerQueues _long = new();
    private long _arrivals;
    private int _threads;
    private int _idle;
    private int _longRunning;
    private bool _hasExtraThread;
    private bool _isLongNext;

    /// <summary>Runs work in the order of <see cref="CallerQueues"/>. Work that is canceled before it starts does not run.</summary>
    /// <param name="time">The processor time that the work will take, as estimated.</param>
    public Task<T> RunAsync<T>(Func<T> work, ImagePriority priority, TimeSpan time, CancellationToken cancellationToken)
    {
        // Not TaskFactory.StartNew, which leaves a canceled task in the queue until a thread takes it.
        const TaskCreationOptions Options = TaskCreationOptions.RunContinuationsAsynchronously | TaskCreationOptions.HideScheduler;
        var task = new Task<T>(_ => work(), new ImageTurn(priority, time), cancellationToken, Options);
        try
        {
            task.Start(this);
        }
        catch (InvalidOperationException) when (task.IsCanceled)
        {
            // Canceled before it was queued.
        }

        return task;
    }

    protected override void QueueTask(Task task)
    {
        var turn = (ImageTurn)task.AsyncState!;
        lock (_lock)
        {
            if (_short.Count + _long.Count >= _idle && _threads < width)
            {
                StartThread();
            }

            (turn.IsLong ? _long : _short).Enqueue(task, turn.Priority, _arrivals++);
            StartExtraThread();
            Wake();
        }
    }

    protected override bool TryDequeue(Task task)
    {
        lock (_lock)
        {
            return (((ImageTurn)task.AsyncState!).IsLong ? _long : _short).Remove(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock)
        {
            return [.. _short.Tasks, .. _long.Tasks];
        }
    }

    /// <summary>Counts a thread only after it has started, because work would wait forever for a thread that does not exist.</summary>
    private void StartThread()
    {
        try
        {
            start(new Thread(() => RunTasks(isExtra: false)) { IsBackground = true, Name = "Images" });
            _threads++;
        }
        catch (OutOfMemoryException) when (_threads > 0)
        {
            // The threads that are running do the work.
        }
    }

    private void StartExtraThread()
    {
        if (_short.Count == 0 || _longRunning < width || _hasExtraThread)
        {
            return;
        }

        try
        {
            start(new Thread(() => RunTasks(isExtra: true)) { IsBackground = true, Name = "Short images" });
            _hasExtraThread = true;
        }
        catch (OutOfMemoryException)
        {
            // Without the extra thread, short work runs after the long work.
        }
    }

    /// <summary>Wakes all threads if one of them could be the extra one, which has nothing to do.</summary>
    private void Wake()
    {
        if (_hasExtraThread)
        {
            Monitor.PulseAll(_lock);
        }
        else
        {
            Monitor.Pulse(_lock);
        }
    }

    private void RunTasks(bool isExtra)
    {
        // Not the extra thread: its short work would wait for the long work that the others do.
        if (!isExtra)
        {
            BackgroundPriority.LowerThread();
        }

        while (WaitForNext(isExtra) is { } task)
        {
            TryExecuteTask(task);
            if (((ImageTurn)task.AsyncState!).IsLong)
            {
                lock (_lock)
                {
                    _longRunning--;
                }
            }
        }
    }

    private Task? WaitForNext(bool isExtra)
    {
        lock (_lock)
        {
            while (true)
            {
                if (FindNext(isExtra) is { } next)
                {
                    return next;
                }

                _idle += isExtra ? 0 : 1;
                var isWoken = Monitor.Wait(_lock, IdleTimeout);
                _idle -= isExtra ? 0 : 1;
                if (!isWoken && (isExtra || _short.Count + _long.Count == 0))
                {
                    _threads -= isExtra ? 0 : 1;
                    _hasExtraThread &= !isExtra;
                    return null;
                }
            }
        }
    }

    private Task? FindNext(bool isExtra)
    {
        if (isExtra)
        {
            return _longRunning == width && _short.TryDequeue(out var extra) ? extra : null;
        }

        // Alternately, because the callers of one queue do not take turns with those of the other.
        var (first, second) = _isLongNext ? (_long, _short) : (_short, _long);
        _isLongNext = !_isLongNext;
        if (!first.TryDequeue(out var task) && !second.TryDequeue(out task))
        {
            return null;
        }

        if (((ImageTurn)task!.AsyncState!).IsLong)
        {
            _longRunning++;
            StartExtraThread();
            Wake();
        }

        return task;
    }
}
