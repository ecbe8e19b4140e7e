using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Jobs;

/// <summary>
/// Looks now and then whether a slice that is being worked on has been canceled meanwhile, so that nothing more of it is begun. Seldom: most
/// slices are done before the first look, and a look is a read.
/// </summary>
internal sealed class CancelLook(IJobStore jobs, BatchId batch, int slice, TimeProvider clock)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private long _looked = clock.GetTimestamp();
    private volatile bool _isCanceled;

    public async ValueTask<bool> IsCanceledAsync(CancellationToken cancellationToken)
    {
        var looked = Interlocked.Read(ref _looked);
        if (clock.GetElapsedTime(looked) >= BetweenLooks && Interlocked.CompareExchange(ref _looked, clock.GetTimestamp(), looked) == looked)
        {
            _isCanceled |= await jobs.FindSliceAsync(batch, slice, cancellationToken) is null or { IsCanceled: true };
        }

        return _isCanceled;
    }
}
