using System.Net;

namespace ImageResize.Core.Sources.Web.Network;

internal sealed class DnsResolver : IResolver
{
    public async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(host.Host, cancellationToken);

        return [.. addresses.Select(address => new IPEndPoint(address, host.Port))];
    }
}
