namespace ImageResize.Core.Storage.Outages;

/// <summary>
/// What this process's workers know of storage being away. While it is, no message is taken: it could only fail, and would lose one of
/// its few tries.
/// </summary>
internal sealed class StorageOutage(StorageProbe probe, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private volatile bool _goesOn;

    public void Begin() => _goesOn = true;

    /// <summary>Returns when storage is not known to be away, or answers again.</summary>
    /// <exception cref="Exception">It is still away.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (!_goesOn)
        {
            return;
        }

        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await probe.AskQueueAsync(either.Token);
        await probe.AskTableAsync(either.Token);
        _goesOn = false;
    }
}
