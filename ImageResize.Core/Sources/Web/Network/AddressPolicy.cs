using System.Net;
using System.Net.Sockets;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Allows addresses of the public internet only. No setting changes that.</summary>
internal sealed class AddressPolicy : IAddressPolicy
{
    // Global unicast (RFC 4291). Excludes, among others, loopback, IPv4-compatible, NAT64, discard, unique local, link-local,
    // site-local and multicast addresses.
    private static readonly IPNetwork PublicIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", // this host
            "10.0.0.0/8",
            "100.64.0.0/10", // carrier-grade NAT
            "127.0.0.0/8",
            "168.63.129.16/32", // Azure's virtual IP address for virtual machines
            "169.254.0.0/16", // link-local; instance metadata of cloud providers
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, broadcast

            "2001::/23", // Teredo, which contains an IPv4 address, and other protocols
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4, which contains an IPv4 address
            "3fff::/20", // documentation
        }.Select(IPNetwork.Parse),
    ];

    public bool Allows(IPAddress address)
    {
        // ::ffff:10.0.0.1 leads to 10.0.0.1.
        var target = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

        return (target.AddressFamily == AddressFamily.InterNetwork || IsPublicIPv6(target))
            && !Array.Exists(NotPublic, network => network.Contains(target));
    }

    private static bool IsPublicIPv6(IPAddress address) => PublicIPv6.Contains(address) && !IsIsatap(address);

    /// <summary>ISATAP contains an IPv4 address after any prefix: …:0:5efe:a.b.c.d, or …:200:5efe:a.b.c.d.</summary>
    private static bool IsIsatap(IPAddress address) => address.GetAddressBytes() is [_, _, _, _, _, _, _, _, 0 or 2, 0, 0x5e, 0xfe, ..];
}
