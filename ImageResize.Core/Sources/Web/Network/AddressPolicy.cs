using System.Net;
using System.Net.Sockets;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Allows what lies on the public internet and nothing else. No setting changes it.</summary>
internal sealed class AddressPolicy : IAddressPolicy
{
    // All that is handed out for the public internet. It leaves out, among others, loopback, IPv4-compatible, NAT64, discard,
    // unique local, link-local, site-local and multicast addresses.
    private static readonly IPNetwork PublicIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", // this host
            "10.0.0.0/8",
            "100.64.0.0/10", // carrier's NAT
            "127.0.0.0/8",
            "168.63.129.16/32", // Azure's own, for virtual machines
            "169.254.0.0/16", // link-local, where clouds keep instance metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, and broadcast

            "2001::/23", // Teredo, which wraps an IPv4 address, and other protocols
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4, which wraps an IPv4 address
            "3fff::/20", // documentation
        }.Select(IPNetwork.Parse),
    ];

    public bool Allows(IPAddress address)
    {
        // ::ffff:10.0.0.1 reaches 10.0.0.1.
        var reached = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

        return (reached.AddressFamily == AddressFamily.InterNetwork || IsPublicIPv6(reached))
            && !Array.Exists(NotPublic, network => network.Contains(reached));
    }

    private static bool IsPublicIPv6(IPAddress address) => PublicIPv6.Contains(address) && !IsIsatap(address);

    /// <summary>ISATAP wraps an IPv4 address behind any prefix: …:0:5efe:a.b.c.d, or …:200:5efe:a.b.c.d.</summary>
    private static bool IsIsatap(IPAddress address) => address.GetAddressBytes() is [_, _, _, _, _, _, _, _, 0 or 2, 0, 0x5e, 0xfe, ..];
}
