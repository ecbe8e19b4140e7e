using System.Net;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Decides which addresses are connected to: <see cref="AddressPolicy"/>, or that of a test.</summary>
public interface IAddressPolicy
{
    bool Allows(IPAddress address);
}
