using System.Net;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Where a host's name leads. <see cref="DnsResolver"/> asks the system; tests answer for themselves.</summary>
public interface IResolver
{
    /// <returns>Every address of the host, each with the port to connect to.</returns>
    Task<IReadOnlyList<IPEndPoint>> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken);
}
