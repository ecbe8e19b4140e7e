using ImageResize.Core.Messages;
using ImageResize.Core.Storage.Resilience;

namespace ImageResize.Core.Storage.Health;

/// <summary>
/// Whether storage is unavailable, as far as this process knows. During an outage no messages are received: they would only fail and use up
/// their few deliveries.
/// </summary>
internal sealed class StorageOutage(StorageProbe probe, TimeProvider clock) : IOutageMonitor
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    private volatile bool _isOut;

    public bool IsOutage(Exception fault) => StorageFault.IsTransient(fault);

    public void Report() => _isOut = true;

    /// <summary>Returns if no outage is known, or if storage responds again.</summary>
    /// <exception cref="Exception">Storage is still unavailable.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (!_isOut)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(ProbeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await probe.CheckQueueAsync(either.Token);
        await probe.CheckTableAsync(either.Token);
        _isOut = false;
    }
}
