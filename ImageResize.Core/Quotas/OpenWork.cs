using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Quotas;

/// <summary>
/// Counts the unfinished work of each caller. It is in memory, so that it costs no request to storage: a process counts the batches that
/// were submitted to it, from their submission until it processes their last job or otherwise finds that they have ended.
/// </summary>
public sealed class OpenWork(IOptions<QuotaOptions> options, TimeProvider clock)
{
    /// <summary>Batches of one caller that are counted; older ones are forgotten. A single job is a batch.</summary>
    private const int MaxBatches = 10_000;

    private static readonly TimeSpan ReviewInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<BatchId, LinkedListNode<OpenBatch>> _batches = [];
    private readonly Dictionary<string, CallerWork> _callers = [];

    /// <summary>In seconds of processor time.</summary>
    public int Limit { get; } = options.Value.OpenSeconds;

    /// <summary>Adds a batch. A caller without open work may add any batch, because it would never have more room for it.</summary>
    /// <returns>False if the caller's open work would exceed the limit.</returns>
    public bool TryAdd(BatchId id, string? caller, Workload work)
    {
        lock (_lock)
        {
            var name = caller ?? "";
            var open = _callers.GetValueOrDefault(name);
            if (open is not null && open.Seconds + work.Seconds > Limit)
            {
                return false;
            }

            if (work.Jobs > 0)
            {
                Add(new OpenBatch(id, name, work.Jobs, work.Seconds / work.Jobs), open);
            }

            return true;
        }
    }

    /// <returns>The processor time of the caller's open work, in seconds.</returns>
    public double SecondsOf(string? caller)
    {
        lock (_lock)
        {
            return _callers.GetValueOrDefault(caller ?? "")?.Seconds ?? 0;
        }
    }

    /// <summary>Counts jobs of a batch as finished.</summary>
    public void Finish(BatchId id, int jobs) => Update(id, open => open - jobs);

    /// <summary>Sets how many jobs of a batch have no result. Has no effect on batches that are not counted.</summary>
    public void SetOpen(BatchId id, int jobs) => Update(id, _ => jobs);

    public void Remove(BatchId id) => SetOpen(id, 0);

    /// <summary>
    /// The batches that were submitted first, for which another process may have done the work. Empty if this was asked for less than a
    /// second ago.
    /// </summary>
    public IReadOnlyList<BatchId> TakeOldest(string? caller, int count)
    {
        lock (_lock)
        {
            if (_callers.GetValueOrDefault(caller ?? "") is not { } open
                || (open.ReviewedAt is { } last && clock.GetElapsedTime(last) < ReviewInterval))
            {
                return [];
            }

            open.ReviewedAt = clock.GetTimestamp();

            return [.. open.Batches.Take(count).Select(batch => batch.Id)];
        }
    }

    private void Add(OpenBatch batch, CallerWork? open)
    {
        if (open is null)
        {
            _callers.Add(batch.Caller, open = new CallerWork());
        }

        if (open.Batches.Count == MaxBatches)
        {
            Remove(open.Batches.First!);
        }

        _batches.Add(batch.Id, open.Batches.AddLast(batch));
        open.Seconds += batch.Seconds;
    }

    private void Update(BatchId id, Func<int, int> change)
    {
        lock (_lock)
        {
            if (!_batches.TryGetValue(id, out var node))
            {
                return;
            }

            var batch = node.Value;
            var jobs = change(batch.Jobs);
            if (jobs <= 0)
            {
                Remove(node);
                return;
            }

            _callers[batch.Caller].Seconds += (jobs - batch.Jobs) * batch.SecondsPerJob;
            node.Value = batch with { Jobs = jobs };
        }
    }

    private void Remove(LinkedListNode<OpenBatch> node)
    {
        var open = _callers[node.Value.Caller];
        _batches.Remove(node.Value.Id);
        open.Batches.Remove(node);
        open.Seconds -= node.Value.Seconds;
        if (open.Batches.Count == 0)
        {
            _callers.Remove(node.Value.Caller);
        }
    }

    private sealed record OpenBatch(BatchId Id, string Caller, int Jobs, double SecondsPerJob)
    {
        public double Seconds => Jobs * SecondsPerJob;
    }

    private sealed class CallerWork
    {
        public LinkedList<OpenBatch> Batches { get; } = [];

        public double Seconds { get; set; }

        public long? ReviewedAt { get; set; }
    }
}
