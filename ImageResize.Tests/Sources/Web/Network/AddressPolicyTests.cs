using System.Net;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.Tests.Sources.Web.Network;

public sealed class AddressPolicyTests
{
    private readonly AddressPolicy _policy = new();

    /// <summary>The first and the last address of each range, and IPv6 addresses that contain one.</summary>
    public static TheoryData<string> NotPublic =>
    [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
        "127.0.0.0", "127.0.0.1", "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.254", "169.254.255.255",
        "172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.0", "192.0.2.255",
        "192.88.99.0", "192.88.99.255", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255",
        "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255",

        "::", "::1", "::2", "::127.0.0.1", "::ffff:0.0.0.0", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:192.168.0.1",
        "::ffff:0:127.0.0.1", "64:ff9b::", "64:ff9b::7f00:1", "64:ff9b::ffff:ffff", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
        "100::", "100::ffff:ffff:ffff:ffff", "2001::", "2001:0:7f00:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:7f00:1::", "2002:a9fe:a9fe::1",
        "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::", "3fff:fff:ffff::", "5f00::1", "fc00::", "fd00:ec2::254",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::", "fe80::1%1", "febf::", "fec0::", "feff::", "ff00::", "ff02::1",
        "2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:10.0.0.1", "4000::", "8000::1",
    ];

    /// <summary>The neighbours of those ranges, and some well-known addresses.</summary>
    public static TheoryData<string> Public =>
    [
        "1.0.0.0", "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255",
        "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
        "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",

        "2000::1", "2001:200::", "2001:4860:4860::8888", "2001:db7:ffff::", "2001:db9::", "2003::", "2606:4700:4700::1111", "2a00:1450::1",
        "3ffe:ffff::", "::ffff:1.1.1.1", "2606:4700::5eff:127.0.0.1",
    ];

    [Theory]
    [MemberData(nameof(NotPublic))]
    public void An_address_that_is_not_public_is_refused(string address) => Assert.False(_policy.Allows(IPAddress.Parse(address)));

    [Theory]
    [MemberData(nameof(Public))]
    public void A_public_address_is_allowed(string address) => Assert.True(_policy.Allows(IPAddress.Parse(address)));
}
