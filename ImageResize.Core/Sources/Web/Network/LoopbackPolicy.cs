using System.Net;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Allows the addresses of this machine too.</summary>
internal sealed class LoopbackPolicy(IAddressPolicy others) : IAddressPolicy
{
    public bool Allows(IPAddress address) => IPAddress.IsLoopback(address) || others.Allows(address);
}
