using System.Runtime.CompilerServices;
using System.Text;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Tests.Support.InMemory;

/// <summary>Stores jobs as the tables do, and passes the same contract tests.</summary>
internal sealed class InMemoryJobStore(TimeProvider clock) : IJobStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BatchId, Batch> _batches = [];
    private readonly Dictionary<(BatchId Batch, int Slice), (Slice Slice, SliceProgress Progress)> _slices = [];
    private readonly Dictionary<(BatchId Batch, int Job), JobResult> _results = [];
    private readonly Dictionary<BatchId, DateTimeOffset> _ended = [];
    private readonly List<BatchId> _listed = [];
    private int _version;

    /// <summary>Thrown by the next call that adds results.</summary>
    public Exception? NextFault { get; set; }

    /// <summary>Thrown by the next call that ends a batch, as if the process had crashed before it.</summary>
    public Exception? NextEndFault { get; set; }

    /// <summary>Called when slices have been added to a batch.</summary>
    public Action SlicesAdded { get; set; } = () => { };

    /// <summary>The most bytes of sources that one call has added to a batch; a table transaction takes 4 MiB.</summary>
    public int MaxBytesAdded { get; private set; }

    public Task AddAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken) => Locked(() =>
    {
        _batches.Add(batch.Id, ToStored(batch with { IsListed = false }));
        AddSlices(batch.Id, slices);
        if (batch.IsListed)
        {
            _listed.Add(batch.Id);
        }
    });

    public IAsyncEnumerable<BatchId> ListBatchesAsync(
        OwnerTag owner, DateOnly day, BatchId? after, CancellationToken cancellationToken) => _listed
        .Where(id => (id.Owner ?? default) == owner && id.Day == day && (after is not { } last || KeyOf(id).CompareTo(KeyOf(last)) > 0))
        .OrderBy(KeyOf)
        .ToAsyncEnumerable();

    public Task<Batch?> TryAddSlicesAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken) => Locked(() =>
    {
        if (!_batches.TryGetValue(batch.Id, out var stored) || stored.Version != batch.Version)
        {
            return null;
        }

        AddSlices(batch.Id, slices);
        MaxBytesAdded =
            Math.Max(MaxBytesAdded, slices.Sum(slice => slice.Jobs.Sum(job => Encoding.UTF8.GetByteCount(job.Source.Unredacted))));

        var added = _batches[batch.Id] = ToStored(batch);
        SlicesAdded();

        // Storage completes a request that its client has canceled.
        cancellationToken.ThrowIfCancellationRequested();

        return added;
    });

    public Task<Batch?> FindBatchAsync(BatchId id, CancellationToken cancellationToken) => Locked(() => _batches.GetValueOrDefault(id));

    public Task<Slice?> FindSliceAsync(BatchId id, int number, CancellationToken cancellationToken) => Locked(() =>
        _slices.TryGetValue((id, number), out var stored)
            ? stored.Slice with { IsDone = stored.Progress.IsDone, IsCanceled = stored.Progress.IsCanceled }
            : null);

    public async IAsyncEnumerable<SliceProgress> ListSlicesAsync(
        BatchId id,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var slices = await Locked(() => _slices
            .Where(slice => slice.Key.Batch == id)
            .Select(slice => slice.Value.Progress)
            .OrderBy(slice => slice.Number)
            .ToList());
        foreach (var slice in slices)
        {
            yield return slice;
        }
    }

    public Task<JobResult?> FindResultAsync(JobId id, CancellationToken cancellationToken) => Locked(() =>
        _batches.TryGetValue(id.Batch, out var batch) && batch.IsSingle == (id.Number is null)
            ? _results.GetValueOrDefault((id.Batch, id.Item))
            : null);

    public Task<IReadOnlyDictionary<int, JobResult>> FindResultsAsync(BatchId id, Slice slice, CancellationToken cancellationToken) =>
        Locked<IReadOnlyDictionary<int, JobResult>>(() => Enumerable.Range(slice.First, slice.Jobs.Count)
            .Where(job => _results.ContainsKey((id, job)))
            .ToDictionary(job => job, job => _results[(id, job)]));

    public Task<IReadOnlyDictionary<int, JobResult>> AddResultsAsync(
        BatchId id,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> results,
        CancellationToken cancellationToken) => Locked<IReadOnlyDictionary<int, JobResult>>(() =>
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

        return results.Keys.ToDictionary(job => job, job => _results[(id, job)]);
    });

    public Task SaveProgressAsync(BatchId id, int slice, bool isDone, JobCounts counts, CancellationToken cancellationToken) =>
        Locked(() => Change(id, slice, progress => progress with { IsDone = isDone, Counts = counts }));

    public Task SaveSliceCountsAsync(BatchId id, int slice, JobCounts counts, CancellationToken cancellationToken) =>
        Locked(() => Change(id, slice, progress => progress with { Counts = counts }));

    public Task PurgeResultsAsync(BatchId id, Slice slice, IEnumerable<int> numbers, CancellationToken cancellationToken) =>
        Locked(() => numbers.ToList().ForEach(number => _results[(id, number)] = JobResult.Purged(clock.GetUtcNow())));

    public Task PurgeSliceAsync(BatchId id, Slice slice, CancellationToken cancellationToken) => Locked(() =>
    {
        var progress = _slices[(id, slice.Number)].Progress with { IsDone = true, Jobs = 0 };
        _slices[(id, slice.Number)] = (slice with { Jobs = [], IsDone = true }, progress);
    });

    public Task MarkRequeuedAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken) =>
        Locked(() => ChangeAll(id, slices, (progress, seen) => progress with { Requeues = seen.Requeues + 1 }));

    public Task SaveCountsAsync(BatchId id, JobCounts counts, CancellationToken cancellationToken) =>
        Locked(() => _batches[id] = ToStored(_batches[id] with { Counts = counts }));

    public Task CancelAsync(BatchId id, CancellationToken cancellationToken) =>
        Locked(() => _batches[id] = ToStored(_batches[id] with { IsCanceled = true }));

    public Task CancelSlicesAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken) =>
        Locked(() => ChangeAll(id, slices, (progress, _) => progress with { IsCanceled = true }));

    public Task<DateTimeOffset?> FindEndAsync(BatchId id, CancellationToken cancellationToken) =>
        Locked<DateTimeOffset?>(() => _ended.TryGetValue(id, out var at) ? at : null);

    public Task<bool> TryEndAsync(BatchId id, CancellationToken cancellationToken) => Locked(() =>
    {
        if (NextEndFault is { } fault)
        {
            NextEndFault = null;
            throw fault;
        }

        return _ended.TryAdd(id, clock.GetUtcNow());
    });

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<DateOnly>>(() =>
        {
            var old = _batches.Keys.Where(id => id.Day < day).ToList();
            foreach (var id in old)
            {
                _batches.Remove(id);
                _slices.Keys.Where(key => key.Batch == id).ToList().ForEach(key => _slices.Remove(key));
                _results.Keys.Where(key => key.Batch == id).ToList().ForEach(key => _results.Remove(key));
            }

            return [.. old.Select(id => id.Day).Distinct()];
        });

    private static (long, string) KeyOf(BatchId id) => (-id.SubmittedAt.ToUnixTimeMilliseconds(), id.ToString());

    private Batch ToStored(Batch batch) => batch with { Version = $"v{++_version}" };

    private void AddSlices(BatchId id, IReadOnlyList<Slice> slices)
    {
        foreach (var slice in slices)
        {
            var progress = new SliceProgress(slice.Number, slice.IsDone, default, clock.GetUtcNow(), 0, slice.Jobs.Count);
            _slices.Add((id, slice.Number), (slice, progress));
        }
    }

    private void ChangeAll(BatchId id, IReadOnlyList<SliceProgress> slices, Func<SliceProgress, SliceProgress, SliceProgress> change)
    {
        foreach (var seen in slices)
        {
            Change(id, seen.Number, progress => change(progress, seen));
        }
    }

    private void Change(BatchId id, int slice, Func<SliceProgress, SliceProgress> change)
    {
        var (stored, progress) = _slices[(id, slice)];
        _slices[(id, slice)] = (stored, change(progress) with { TouchedAt = clock.GetUtcNow() });
    }

    private Task<bool> Locked(Action act) => Locked(() =>
    {
        act();
        return true;
    });

    private Task<T> Locked<T>(Func<T> act)
    {
        lock (_lock)
        {
            try
            {
                return Task.FromResult(act());
            }
            catch (Exception fault)
            {
                return Task.FromException<T>(fault);
            }
        }
    }
}
