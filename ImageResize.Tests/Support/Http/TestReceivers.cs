using System.Net;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Support.Http;

/// <summary>The receivers that can be called back in a test; none until a host is added. Every address counts as public.</summary>
internal sealed class TestReceivers
{
    /// <summary>A secret of 33 bytes as an operator sets it; a different one for each number.</summary>
    public static string Secret(byte number = 1) => "whsec_" + Support.Secrets.Base64Prefix.PadRight(44, (char)('a' + number));

    public TestResolver Resolver { get; } = new();

    public TestLog<CallbackHandler> Log { get; } = new();

    public IAddressPolicy Policy { get; init; } = new AnyAddress();

    public string Secrets { get; init; } = Secret();

    public TestReceivers With(string host, IPEndPoint place)
    {
        Resolver.Add(host, place);

        return this;
    }

    public CallbackClient Client(TimeProvider clock) =>
        new(Options.Create(new CallbackOptions { Secrets = Secrets }), Policy, Resolver, clock);
}
