using ImageResize.Core.Callbacks;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Tests.Sources.Web.Network;
using ImageResize.Tests.Support.Http;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Callbacks;

public sealed class CallbackAddressRulesTests
{
    private readonly CallbackAddressRules _rules = Rules(TestReceivers.Secret());

    [Theory]
    [InlineData("https://receiver.example/ended?key=1#part", "https://receiver.example/ended?key=1")]
    [InlineData("HTTP://Receiver.example:80", "http://receiver.example/")]
    [InlineData("https://1.1.1.1/", "https://1.1.1.1/")]
    public void A_public_address_is_normalized(string address, string spelling) => Assert.Equal(spelling, _rules.Normalize(address));

    [Theory]
    [InlineData("ftp://receiver.example/?key=hush", "invalid_callback")]
    [InlineData("http://user:hush@receiver.example/", "invalid_callback")]
    [InlineData("http://receiver.example:8080/?key=hush", "callback_not_allowed")]
    [InlineData("http://10.0.0.1/?key=hush", "callback_not_allowed")]
    [InlineData("http://localhost/?key=hush", "callback_not_allowed")]
    public void Any_other_address_is_refused_and_not_repeated(string address, string code)
    {
        var refusal = Assert.Throws<RefusedException>(() => _rules.Normalize(address));

        Assert.Equal(code, refusal.Code.Name);
        Assert.DoesNotContain("hush", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SsrfTests.Texts), MemberType = typeof(SsrfTests))]
    public void Addresses_that_web_sources_refuse_are_refused(string address) =>
        Assert.Throws<RefusedException>(() => _rules.Normalize(address));

    [Theory]
    [InlineData("http://localhost:9000/ended", true)]
    [InlineData("http://127.0.0.1:9000/", true)]
    [InlineData("http://[::1]:9000/", true)]
    [InlineData("http://receiver.example:9000/", false)]
    [InlineData("http://10.0.0.1:9000/", false)]
    [InlineData("http://localhost.example.local:9000/", false)]
    public void A_setting_allows_this_machine_and_no_other(string address, bool isAllowed)
    {
        var rules = Rules(TestReceivers.Secret(), allowsLoopback: true);

        if (isAllowed)
        {
            Assert.Equal(address, rules.Normalize(address));
        }
        else
        {
            Assert.Throws<RefusedException>(() => rules.Normalize(address));
        }
    }

    [Fact]
    public void Without_a_secret_callbacks_are_refused()
    {
        var refusal = Assert.Throws<RefusedException>(() => Rules("").Normalize("https://receiver.example/"));

        Assert.Equal(ErrorCode.CallbacksSwitchedOff.Name, refusal.Code.Name);
    }

    private static CallbackAddressRules Rules(string secrets, bool allowsLoopback = false) =>
        new(Options.Create(new CallbackOptions { Secrets = secrets, AllowLoopback = allowsLoopback }), new AddressPolicy());
}
