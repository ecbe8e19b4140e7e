using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.Access;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>Settings that make the program listen on addresses other than loopback.</summary>
public sealed class ListenAddressesTests
{
    private const string Key = "ImageResize:Keys:shop";

    [Theory]
    [InlineData(false, "urls", "http://127.0.0.1:5000")]
    [InlineData(false, "urls", "http://localhost:5000;https://[::1]:5001")]
    [InlineData(false, "urls", "http://LOCALHOST:5000")]
    [InlineData(false, "urls", "http://127.0.0.1:5000", "http_ports", "8080")]
    [InlineData(false, "urls", "http://*:5000", "Kestrel:Endpoints:One:Url", "http://127.0.0.1:5000")]
    [InlineData(true, "urls", "http://localhost.:5000")]
    [InlineData(true, "urls", "http://localhost.example.com:5000")]
    [InlineData(true, "urls", "http://0:5000")]
    [InlineData(true, "urls", "http://unix:/tmp/imageresize.sock")]
    [InlineData(true, "http_ports", "8080")]
    [InlineData(true, "https_ports", "8443;8444")]
    [InlineData(true, "urls", "http://127.0.0.1:5000", "Kestrel:Endpoints:One:Url", "http://*:5000")]
    [InlineData(true, "Kestrel:Endpoints:One:Url", "http://127.0.0.1:5000", "Kestrel:Endpoints:Two:Url", "https://10.0.0.1")]
    public void An_address_other_than_loopback_requires_a_key(bool needsKey, params string[] settings)
    {
        Assert.Equal(needsKey, Refused(settings, Environments.Development));
        Assert.False(Refused([.. settings, Key, Secrets.ShopKey], Environments.Development));
    }

    [Fact]
    public void The_default_address_is_loopback()
    {
        Assert.False(ListenAddresses.AreSet(Configuration([])));
        Assert.False(Refused([], Environments.Development));
        Assert.True(Refused([], Environments.Production));
        Assert.False(Refused([Key, Secrets.ShopKey], Environments.Production));
    }

    private static bool Refused(string[] settings, string environment)
    {
        try
        {
            ListenAddresses.RequireKeys(Configuration(settings), new HostingEnvironment { EnvironmentName = environment });

            return false;
        }
        catch (StartupException)
        {
            return true;
        }
    }

    private static IConfiguration Configuration(string[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build();
}
