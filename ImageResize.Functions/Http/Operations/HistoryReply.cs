using ImageResize.Core.Statistics;

namespace ImageResize.Functions.Http.Operations;

/// <param name="AnsweredBy">The instance that answered.</param>
/// <param name="Minutes">All instances together, oldest first. Minutes in which no instance ran are missing.</param>
/// <param name="Instances">By name.</param>
internal sealed record HistoryReply(
    DateTimeOffset From,
    DateTimeOffset To,
    string AnsweredBy,
    IReadOnlyList<MinuteReply> Minutes,
    IReadOnlyList<InstanceReply> Instances)
{
    public static HistoryReply Of(History history, string instance) => new(
        history.From,
        history.To,
        instance,
        [.. history.Minutes.Select(MinuteReply.Of)],
        [.. history.Instances.Select(InstanceReply.Of)]);
}

internal sealed record MinuteReply(
    DateTimeOffset At,
    int Instances,
    long Accepted,
    long Succeeded,
    long Failed,
    long Canceled,
    long StorageFaults,
    int ImagesInWork,
    int? Queued,
    int? Poisoned)
{
    public static MinuteReply Of(MinuteTotals minute) => new(
        minute.At,
        minute.Instances,
        minute.Work.Accepted,
        minute.Work.Succeeded,
        minute.Work.Failed,
        minute.Work.Canceled,
        minute.Work.StorageFaults,
        minute.ImagesInWork,
        minute.Queued,
        minute.Poisoned);
}

internal sealed record InstanceReply(
    string Name,
    DateTimeOffset StartedAt,
    DateTimeOffset LastSeenAt,
    long Accepted,
    long Succeeded,
    long Failed,
    double CpuPercent,
    long MemoryBytes,
    int ImagesInWork)
{
    public static InstanceReply Of(InstanceTotals instance) => new(
        instance.Last.Instance,
        instance.Last.StartedAt,
        instance.Last.At,
        instance.Work.Accepted,
        instance.Work.Succeeded,
        instance.Work.Failed,
        instance.Last.CpuPercent,
        instance.Last.MemoryBytes,
        instance.Last.ImagesInWork);
}
