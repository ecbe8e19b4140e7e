using ImageResize.Core.Memory;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>The order in which images are decoded: callers take turns, and of one caller the lowest number is first.</summary>
public readonly record struct ImagePriority(long Number)
{
    private readonly string? _caller;

    /// <summary>Who submitted the image; empty if unknown.</summary>
    public string Caller
    {
        get => _caller ?? "";
        init => _caller = value;
    }
}

/// <summary>
/// Decides how many images are decoded at once: one for each core, and of large ones no more than fit into memory. Callers take turns. Of
/// one caller, urgent images go first, so that a single image waits for one image of a large batch at most. All others go in the order in
/// which their work began, so that slices finish one after another instead of all at the end.
/// </summary>
public sealed class ImageScheduler
{
    /// <summary>In bytes. Smaller images are not counted: one for each core needs little memory.</summary>
    internal const long UncountedBytes = 32_000_000;

    private readonly ImageThreads _threads;
    private readonly MemoryBudget _memory;
    private long _priorities;
    private int _inWork;

    /// <summary>
    /// Uses half of the memory that the runtime may use, which respects a container's limit. The rest is for sources and the program.
    /// </summary>
    public ImageScheduler()
        : this(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2)
    {
    }

    internal ImageScheduler(int width, long memory = long.MaxValue)
    {
        Width = width;
        _threads = new ImageThreads(width, thread => thread.Start());
        _memory = new MemoryBudget(memory);
    }

    /// <summary>Images that are decoded at once.</summary>
    public int Width { get; }

    /// <summary>Images that are being decoded.</summary>
    public int InWork => Volatile.Read(ref _inWork);

    /// <summary>Bytes that are reserved for large images.</summary>
    public long MemoryUsed => _memory.Used;

    /// <summary>Taken once for all images that belong together.</summary>
    public ImagePriority TakePriority(bool isUrgent) => new(isUrgent ? 0 : Interlocked.Increment(ref _priorities));

    /// <summary>Runs work that keeps one core busy.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, ImageCost cost, ImagePriority priority, CancellationToken cancellationToken)
    {
        // Memory first: work that waits for memory must not keep a thread.
        using var memory = cost.Bytes > UncountedBytes ? await ReserveMemoryAsync(cost.Bytes, priority, cancellationToken) : null;

        return await _threads.RunAsync(() => RunCounted(work), priority, cost.Time, cancellationToken);
    }

    /// <summary>Runs work that keeps a core busy in a child process. A thread of this process waits for it.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work, ImageCost cost, ImagePriority priority, CancellationToken cancellationToken) =>
        RunAsync(() => work().GetAwaiter().GetResult(), cost, priority, cancellationToken);

    /// <summary>Reserves memory that is held before the work for a core begins.</summary>
    public Task<MemoryReservation> ReserveMemoryAsync(long bytes, ImagePriority priority, CancellationToken cancellationToken) =>
        _memory.ReserveAsync(bytes, new MemoryTurn(priority.Caller, priority.Number), cancellationToken);

    private T RunCounted<T>(Func<T> work)
    {
        Interlocked.Increment(ref _inWork);
        try
        {
            return work();
        }
        finally
        {
            Interlocked.Decrement(ref _inWork);
        }
    }
}
