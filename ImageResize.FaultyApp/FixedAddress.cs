using System.Net;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.FaultyApp;

/// <summary>Resolves every host name to the server of a test.</summary>
internal sealed class FixedAddress(IPEndPoint address) : IAddressPolicy, IResolver
{
    public bool Allows(IPAddress address) => true;

    public Task<IReadOnlyList<IPEndPoint>> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IPEndPoint>>([address]);
}
