using ImageResize.Core.Quotas;

namespace ImageResize.Core.Sources.Web;

/// <summary>Limits the connections to each web host. The time spent waiting for one does not count toward an image's time limit.</summary>
internal sealed class HostConnections(int perHost, TimeProvider clock)
{
    /// <summary>Below the time that a host allows for a message.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly KeyedSlots<string> _hosts = new(perHost);

    /// <returns>To be disposed of when the connection is closed.</returns>
    /// <exception cref="SourceBusyException">No connection became free.</exception>
    public async Task<IDisposable> TakeAsync(string host, TimeLimit limit, CancellationToken cancellationToken)
    {
        using var pause = limit.Pause();
        using var timer = new CancellationTokenSource(MaxWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await _hosts.TakeAsync(host, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceBusyException();
        }
    }
}
