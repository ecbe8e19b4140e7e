using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Batches.Processing;

/// <summary>
/// Polls at most once a second whether a slice that is being processed has been canceled, so that none of its jobs starts afterwards. Most
/// slices are done before the first poll, which is a read of a row.
/// </summary>
internal sealed class CancellationPoll(IJobStore jobs, BatchId batch, int slice, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _polledAt = clock.GetTimestamp();
    private volatile bool _isCanceled;

    public async ValueTask<bool> IsCanceledAsync(CancellationToken cancellationToken)
    {
        var polledAt = Interlocked.Read(ref _polledAt);
        if (clock.GetElapsedTime(polledAt) >= Interval
            && Interlocked.CompareExchange(ref _polledAt, clock.GetTimestamp(), polledAt) == polledAt)
        {
            _isCanceled |= await jobs.FindSliceAsync(batch, slice, cancellationToken) is null or { IsCanceled: true };
        }

        return _isCanceled;
    }
}
