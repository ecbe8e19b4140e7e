namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>When its images come to the gate: the lowest first.</summary>
public readonly record struct ImagePriority(long Number);

/// <summary>
/// The one place that decides how many images are decoded at once: as many as there are cores, and of those that weigh much no more than
/// memory has room for. Urgent ones go first, so that a single image waits for one of a large batch at most, not for all of them. The
/// rest goes by turns: what began first is done first, so that of many slices at work one after another ends, not all of them in the
/// last moment.
/// </summary>
public sealed class ImageScheduler
{
    /// <summary>In bytes. What weighs less is not counted: one for each core is no danger.</summary>
    internal const long Light = 32_000_000;

    private readonly ImageThreads _threads;
    private readonly MemoryBudget _memory;
    private long _turns;

    /// <summary>Half of the memory that the runtime may have, which knows a container's limit: the rest is the program's and its sources'.</summary>
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

    public int Width { get; }

    /// <summary>For all images that belong together.</summary>
    public ImagePriority TakePriority(bool isUrgent) => new(isUrgent ? 0 : Interlocked.Increment(ref _turns));

    /// <summary>Runs work that keeps a core busy, when one is free.</summary>
    /// <param name="weight">The bytes that it may hold; see <see cref="Headers.MemoryEstimate"/>.</param>
    public async Task<T> RunAsync<T>(Func<T> work, long weight, ImagePriority turn, CancellationToken cancellationToken)
    {
        // Memory first: who waits for it keeps no core idle.
        using var room = weight > Light ? await TakeMemoryAsync(weight, turn, cancellationToken) : null;

        return await _threads.RunAsync(work, turn, cancellationToken);
    }

    /// <summary>For what is held before there is work for a core.</summary>
    /// <returns>To be disposed of when it is no longer held.</returns>
    public Task<IDisposable> TakeMemoryAsync(long bytes, ImagePriority turn, CancellationToken cancellationToken) =>
        _memory.EnterAsync(bytes, turn, cancellationToken);

    /// <summary>Runs work that keeps a core busy elsewhere, in a process of ours; a thread waits for it here.</summary>
    /// <param name="weight">The bytes that it may hold; see <see cref="Headers.MemoryEstimate"/>.</param>
    public Task<T> RunAsync<T>(Func<Task<T>> work, long weight, ImagePriority turn, CancellationToken cancellationToken) =>
        RunAsync(() => work().GetAwaiter().GetResult(), weight, turn, cancellationToken);
}
