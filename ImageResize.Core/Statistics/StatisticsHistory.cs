using ImageResize.Core.Jobs;

namespace ImageResize.Core.Statistics;

/// <summary>Sums up the minutes of all instances.</summary>
public sealed class StatisticsHistory(IStatisticsStore store, TimeProvider clock)
{
    public async Task<History> ReadAsync(int hours, CancellationToken cancellationToken)
    {
        var to = clock.GetUtcNow();
        var from = to.AddHours(-hours);
        var minutes = new List<MinuteTotals>();
        var instances = new Dictionary<string, InstanceTotals>();
        await foreach (var row in store.ReadAsync(from, to, cancellationToken))
        {
            if (minutes is [.., var last] && last.At == row.At)
            {
                minutes[^1] = last.Add(row);
            }
            else
            {
                minutes.Add(new MinuteTotals(row.At).Add(row));
            }

            var work = instances.GetValueOrDefault(row.Instance)?.Work ?? default;
            instances[row.Instance] = new InstanceTotals(row, work + row.Work);
        }

        return new History(from, to, minutes, [.. instances.Values.OrderBy(instance => instance.Last.Instance, StringComparer.Ordinal)]);
    }
}

/// <param name="Minutes">Oldest first; a minute in which no instance ran is missing.</param>
public sealed record History(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<MinuteTotals> Minutes, IReadOnlyList<InstanceTotals> Instances);

/// <summary>All instances together in one minute.</summary>
/// <param name="At">The end of the minute.</param>
public sealed record MinuteTotals(DateTimeOffset At)
{
    public int Instances { get; private init; }

    public WorkTotals Work { get; private init; }

    public int ImagesInWork { get; private init; }

    public int? Queued { get; private init; }

    public int? Poisoned { get; private init; }

    /// <summary>All instances read the same queues, so their lengths are not added.</summary>
    public MinuteTotals Add(InstanceMinute row) => this with
    {
        Instances = Instances + 1,
        Work = Work + row.Work,
        ImagesInWork = ImagesInWork + row.ImagesInWork,
        Queued = row.Queued ?? Queued,
        Poisoned = row.Poisoned ?? Poisoned,
    };
}

/// <param name="Last">The latest minute of the instance.</param>
/// <param name="Work">All its minutes.</param>
public sealed record InstanceTotals(InstanceMinute Last, WorkTotals Work);
