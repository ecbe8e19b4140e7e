using System.Collections.Concurrent;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Batches.Processing;

/// <summary>
/// Stores results of a slice while it runs, so that its batch shows progress before the slice ends. Each time costs two storage requests,
/// so it is done rarely, and only in the first slices of a batch: later ones end often enough.
/// </summary>
internal sealed class PartialResults(IJobStore jobs, SliceResults results, BatchId batch, Slice slice, TimeProvider clock)
{
    private const int SlicesWithProgress = 4;

    /// <summary>The results that are worth two requests after a second.</summary>
    private const int ManyResults = 20;

    /// <summary>The first results of a batch are shown soon: its caller looks whether it works at all.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, JobResult> _stored = new();
    private readonly bool _isWanted = slice is { Number: < SlicesWithProgress, IsUnwatched: false, Jobs.Count: > 1 };

    private long _storedAt = clock.GetTimestamp();
    private int _isStoring;

    /// <summary>The stored results of these jobs: a result that another worker has written before stands.</summary>
    public IReadOnlyDictionary<int, JobResult> Stored => _stored;

    /// <summary>Stores what is not stored yet, if it is time.</summary>
    /// <param name="before">The results that were stored before this message.</param>
    /// <param name="done">All results of this message so far.</param>
    public async Task AddAsync(IReadOnlyDictionary<int, JobResult> before, ConcurrentDictionary<int, JobResult> done)
    {
        if (!_isWanted || !IsTime(done.Count) || Interlocked.Exchange(ref _isStoring, 1) == 1)
        {
            return;
        }

        try
        {
            await StoreAsync(done.Where(result => !_stored.ContainsKey(result.Key)).ToDictionary());
            var counts = JobCounts.Of(before.Values) + JobCounts.Of(_stored.Values);
            await jobs.SaveSliceCountsAsync(batch, slice.Number, counts, CancellationToken.None);
            Interlocked.Exchange(ref _storedAt, clock.GetTimestamp());
        }
        finally
        {
            Interlocked.Exchange(ref _isStoring, 0);
        }
    }

    /// <summary>Stores results at once, without the progress.</summary>
    public async Task StoreAsync(IReadOnlyDictionary<int, JobResult> done)
    {
        foreach (var (job, result) in await results.AddAsync(batch, slice, done, CancellationToken.None))
        {
            _stored[job] = result;
        }
    }

    private bool IsTime(int done)
    {
        var elapsed = clock.GetElapsedTime(Interlocked.Read(ref _storedAt));
        var waiting = done - _stored.Count;

        return waiting > 0 && elapsed >= (
            _stored.IsEmpty && slice.Number == 0 ? FirstPause
            : waiting >= ManyResults ? Pause
            : LongestPause);
    }
}
