namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Threads for work that keeps a core busy. On the thread pool, such work delays everything queued after it, such as responses of storage
/// and callers' requests: these waited for a tenth of a second and more while a folder was being processed.
/// </summary>
/// <param name="width">Threads at most. They are started on demand and end after a while without work.</param>
/// <param name="start">Starts a thread, or throws <see cref="OutOfMemoryException"/> if the system has no more.</param>
internal sealed class ImageThreads(int width, Action<Thread> start) : TaskScheduler
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    private readonly PriorityQueue<Task, (long Priority, long Arrival)> _queue = new();
    private long _arrivals;
    private int _threads;
    private int _idle;

    /// <summary>Runs work in the order of priorities. Work that is canceled before it starts does not run.</summary>
    public Task<T> RunAsync<T>(Func<T> work, ImagePriority priority, CancellationToken cancellationToken)
    {
        // Not TaskFactory.StartNew, which leaves a canceled task in the queue until a thread takes it.
        const TaskCreationOptions Options = TaskCreationOptions.RunContinuationsAsynchronously | TaskCreationOptions.HideScheduler;
        var task = new Task<T>(_ => work(), priority, cancellationToken, Options);
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
        var priority = (ImagePriority)task.AsyncState!;
        lock (_queue)
        {
            if (_queue.Count >= _idle && _threads < width)
            {
                StartThread();
            }

            _queue.Enqueue(task, (priority.Number, _arrivals++));
            Monitor.Pulse(_queue);
        }
    }

    protected override bool TryDequeue(Task task)
    {
        lock (_queue)
        {
            return _queue.Remove(task, out _, out _);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_queue)
        {
            return [.. _queue.UnorderedItems.Select(waiting => waiting.Element)];
        }
    }

    /// <summary>Counts a thread only after it has started, because work would wait forever for a thread that does not exist.</summary>
    private void StartThread()
    {
        try
        {
            start(new Thread(RunTasks) { IsBackground = true, Name = "Images" });
            _threads++;
        }
        catch (OutOfMemoryException) when (_threads > 0)
        {
            // The threads that are running do the work.
        }
    }

    private void RunTasks()
    {
        while (WaitForNext() is { } task)
        {
            TryExecuteTask(task);
        }
    }

    private Task? WaitForNext()
    {
        lock (_queue)
        {
            while (true)
            {
                if (_queue.TryDequeue(out var next, out _))
                {
                    return next;
                }

                _idle++;
                var isWoken = Monitor.Wait(_queue, IdleTimeout);
                _idle--;
                if (!isWoken && _queue.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }
        }
    }
}
