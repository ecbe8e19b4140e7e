using ImageResize.Core.Jobs;

namespace ImageResize.Core.Statistics;

/// <summary>What an instance of the program did in about a minute, and its state at the end of it.</summary>
/// <param name="At">The end, rounded down to a whole minute.</param>
/// <param name="Instance">A name that no other instance has.</param>
public sealed record InstanceMinute(DateTimeOffset At, string Instance)
{
    public DateTimeOffset StartedAt { get; init; }

    public WorkTotals Work { get; init; }

    /// <summary>The processor time used, in percent of all cores.</summary>
    public double CpuPercent { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>Images that are being decoded.</summary>
    public int ImagesInWork { get; init; }

    /// <summary>The messages of all instances in both work queues; null if the queues did not respond.</summary>
    public int? Queued { get; init; }

    /// <summary>The messages of all instances that have failed too often; null if the queues did not respond.</summary>
    public int? Poisoned { get; init; }
}
