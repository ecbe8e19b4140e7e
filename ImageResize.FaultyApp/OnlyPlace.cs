using System.Net;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.FaultyApp;

/// <summary>Resolves every name to a test's own server.</summary>
internal sealed class OnlyPlace(IPEndPoint place) : IAddressPolicy, IResolver
{
    public bool Allows(IPAddress address) => true;

    public Task<IReadOnlyList<IPEndPoint>> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IPEndPoint>>([place]);
}
