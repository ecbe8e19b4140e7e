namespace ImageResize.Core.Memory;

/// <summary>Memory that is reserved in a <see cref="MemoryBudget"/>.</summary>
public sealed class MemoryReservation : IDisposable
{
    private readonly MemoryBudget _budget;
    private long _bytes;
    private bool _isReleased;

    internal MemoryReservation(MemoryBudget budget, long bytes) => (_budget, _bytes) = (budget, bytes);

    /// <summary>Waits until this many bytes are reserved in all.</summary>
    public async Task GrowAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytes > _bytes)
        {
            await _budget.GrowAsync(bytes - _bytes, cancellationToken);
            _bytes = bytes;
        }
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isReleased, true))
        {
            _budget.Release(_bytes);
        }
    }
}
