using System.Net;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Resolves host names: by DNS with <see cref="DnsResolver"/>, or as a test says.</summary>
public interface IResolver
{
    /// <returns>All addresses of the host, each with the port to connect to.</returns>
    Task<IReadOnlyList<IPEndPoint>> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken);
}
