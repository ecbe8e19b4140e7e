using System.Net;
using ImageResize.Core.Errors;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Sources.Web.Network;

/// <summary>A canary without connections proves something only if it would have noticed one.</summary>
[Collection(CanaryCollection.Name)]
public sealed class CanaryTests(Canaries canaries)
{
    [Fact]
    public void The_other_port_is_watched_on_IPv4() => Assert.True(canaries.Watches(IPAddress.Loopback, canaries.OtherPort));

    [Theory]
    [InlineData("127.0.0.1", 80)]
    [InlineData("::1", 80)]
    [InlineData("::1", 0)]
    public void Port_80_and_IPv6_are_watched_where_the_system_permits(string address, int port)
    {
        var watched = canaries.Watches(IPAddress.Parse(address), port == 0 ? canaries.OtherPort : port);

        Assert.SkipUnless(
            watched,
            $"NOT WATCHED: this process cannot listen on {address}, port {(port == 0 ? "other" : port)}. Run as a user who may.");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_policy_that_allows_every_address_reaches_the_canary(string address)
    {
        Assert.SkipUnless(canaries.Watches(IPAddress.Parse(address), canaries.OtherPort), $"NOT WATCHED: {address}");
        await using var web = new TestWeb();
        web.Resolver.Add("evil.example", new IPEndPoint(IPAddress.Parse(address), canaries.OtherPort));

        Assert.NotEqual(0, await CountConnectionsAsync(web.OpenAsync("http://evil.example/")));
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    public async Task A_policy_that_allows_every_address_reaches_the_canary_on_port_80(string address)
    {
        Assert.SkipUnless(canaries.Watches(IPAddress.Parse(new Uri(address).IdnHost), 80), $"NOT WATCHED: {address}");
        await using var web = new TestWeb();

        Assert.NotEqual(0, await CountConnectionsAsync(web.OpenAsync(address)));
    }

    private async Task<int> CountConnectionsAsync(Task<Stream> opening)
    {
        var count = 0;

        while (!opening.IsCompleted)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            count += canaries.TakeConnections();
        }

        await Assert.ThrowsAsync<RefusedException>(() => opening);

        return count + canaries.TakeConnections();
    }
}
