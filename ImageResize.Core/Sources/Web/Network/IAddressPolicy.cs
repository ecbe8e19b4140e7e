using System.Net;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Which addresses we connect to. The service has one answer, <see cref="AddressPolicy"/>; tests have others.</summary>
public interface IAddressPolicy
{
    bool Allows(IPAddress address);
}
