using System.Runtime.CompilerServices;
using System.Text;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;

namespace ImageResize.Tests.Support;

/// <summary>Keeps jobs as the tables do; passes the same contract tests.</summary>
internal sealed class InMemoryJobStore(TimeProvider clock) : IJobStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BatchId, Batch> _batches = [];
    private readonly Dictionary<(BatchId, int), (Slice Slice, SliceProgress Progress)> _slices = [];
    private readonly Dictionary<(BatchId, int), JobResult> _results = [];
    private readonly Dictionary<BatchId, DateTimeOffset> _ended = [];
    private readonly Dictionary<BatchId, CallbackStatus> _callbacks = [];
    private int _version;

    /// <summary>Thrown by the next call that adds results: storage away at the worst moment.</summary>
    public Exception? NextFault { get; set; }

    /// <summary>What the next call of a name throws, before it does anything: the process died there.</summary>
    public Dictionary<string, Exception> FaultOf { get; } = [];

    /// <summary>What the sources of the slices weighed that were added to a batch at once, at most; a table transaction takes 4 MiB.</summary>
    public int MostBytesAdded { get; private set; }


    public Task AddAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _batches.Add(batch.Id, Stored(batch));
            AddSlices(batch.Id, slices);
        }

        return Task.CompletedTask;
    }

    public Task<Batch?> FindAddedAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_batches.TryGetValue(batch.Id, out var stored) || stored.Version != batch.Version)
            {
                return Task.FromResult<Batch?>(null);
            }

            _batches[batch.Id] = Stored(batch);
            AddSlices(batch.Id, slices);
            MostBytesAdded = Math.Max(MostBytesAdded, slices.Sum(slice => slice.Jobs.Sum(job => Encoding.UTF8.GetByteCount(job.Source))));

            return Task.FromResult<Batch?>(_batches[batch.Id]);
        }
    }

    public Task<Batch?> FindBatchAsync(BatchId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_batches.GetValueOrDefault(id));
        }
    }

    public Task<Slice?> FindSliceAsync(BatchId id, int number, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<Slice?>(
                _slices.TryGetValue((id, number), out var stored) ? stored.Slice with { IsDone = stored.Progress.IsDone, IsCanceled = stored.Progress.IsCanceled } : null);
        }
    }

    public async IAsyncEnumerable<SliceProgress> ListSlicesAsync(
        BatchId id,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        SliceProgress[] slices;
        lock (_lock)
        {
            slices = [.. _slices.Where(slice => slice.Key.Item1 == id).Select(slice => slice.Value.Progress).OrderBy(slice => slice.Number)];
        }

        foreach (var slice in slices)
        {
            yield return slice;
        }
    }

    public Task<JobResult?> FindResultAsync(JobId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var isName = _batches.TryGetValue(id.Batch, out var batch) && batch.IsSingle == (id.Number is null);

            return Task.FromResult(isName ? _results.GetValueOrDefault((id.Batch, id.Item)) : null);
        }
    }

    public Task<IReadOnlyDictionary<int, JobResult>> FindResultsAsync(BatchId id, Slice slice, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<int, JobResult>>(Enumerable.Range(slice.First, slice.Jobs.Count)
                .Where(job => _results.ContainsKey((id, job)))
                .ToDictionary(job => job, job => _results[(id, job)]));
        }
    }

    public Task<IReadOnlyDictionary<int, JobResult>> AddResultsAsync(
        BatchId id,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> results,
        CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (NextFault is { } fault)
            {
                NextFault = null;
                throw fault;
            }

            foreach (var (job, result) in results)
            {
                _results.TryAdd((id, job), result);
            }

            return Task.FromResult<IReadOnlyDictionary<int, JobResult>>(results.Keys.ToDictionary(job => job, job => _results[(id, job)]));
        }
    }

    public Task SaveProgressAsync(BatchId id, int slice, bool isDone, JobCounts counts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Touch(id, slice, progress => progress with { IsDone = isDone, Counts = counts });
        }

        return Task.CompletedTask;
    }

    public Task MarkRequeuedAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var slice in slices)
            {
                Touch(id, slice.Number, progress => progress with { Requeues = slice.Requeues + 1 });
            }
        }

        return Task.CompletedTask;
    }

    public Task SaveCountsAsync(BatchId id, JobCounts counts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _batches[id] = Stored(_batches[id] with { Counts = counts });
        }

        return Task.CompletedTask;
    }

    public Task CancelAsync(BatchId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _batches[id] = Stored(_batches[id] with { IsCanceled = true });
        }

        return Task.CompletedTask;
    }

    public Task CancelSlicesAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var slice in slices)
            {
                Touch(id, slice.Number, progress => progress with { IsCanceled = true });
            }
        }

        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> FindEndAsync(BatchId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<DateTimeOffset?>(_ended.TryGetValue(id, out var at) ? at : null);
        }
    }

    public Task<bool> TryEndAsync(BatchId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Fail(nameof(TryEndAsync));

            return Task.FromResult(_ended.TryAdd(id, clock.GetUtcNow()));
        }
    }

    public Task<CallbackStatus> AddCallbackAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _callbacks.TryAdd(id, callback with { Version = $"v{++_version}" });

            return Task.FromResult(_callbacks[id]);
        }
    }

    public Task<CallbackStatus?> FindCallbackAsync(BatchId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_callbacks.GetValueOrDefault(id));
        }
    }

    public Task<bool> TrySaveCallbackAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Fail(nameof(TrySaveCallbackAsync));
            if (!_callbacks.TryGetValue(id, out var stored) || stored.Version != callback.Version)
            {
                return Task.FromResult(false);
            }

            _callbacks[id] = callback with { Version = $"v{++_version}" };

            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var old = _batches.Keys.Where(id => id.Day < day).ToList();
            foreach (var id in old)
            {
                _batches.Remove(id);
                _callbacks.Remove(id);
            }

            foreach (var key in _slices.Keys.Where(key => key.Item1.Day < day).ToList())
            {
                _slices.Remove(key);
            }

            foreach (var key in _results.Keys.Where(key => key.Item1.Day < day).ToList())
            {
                _results.Remove(key);
            }

            return Task.FromResult<IReadOnlyList<DateOnly>>([.. old.Select(id => id.Day).Distinct()]);
        }
    }

    private void Fail(string call)
    {
        if (FaultOf.Remove(call, out var fault))
        {
            throw fault;
        }
    }

    private Batch Stored(Batch batch) => batch with { Version = $"v{++_version}" };

    private void AddSlices(BatchId id, IReadOnlyList<Slice> slices)
    {
        foreach (var slice in slices)
        {
            _slices.Add((id, slice.Number), (slice, new SliceProgress(slice.Number, slice.IsDone, default, clock.GetUtcNow(), 0, slice.Jobs.Count)));
        }
    }

    private void Touch(BatchId id, int slice, Func<SliceProgress, SliceProgress> change)
    {
        var (stored, progress) = _slices[(id, slice)];
        _slices[(id, slice)] = (stored, change(progress) with { TouchedAt = clock.GetUtcNow() });
    }
}
