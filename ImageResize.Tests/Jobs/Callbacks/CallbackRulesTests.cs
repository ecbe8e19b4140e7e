using ImageResize.Core.Errors;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Sources.Web;
using ImageResize.Tests.Sources.Web;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Jobs.Callbacks;

public sealed class CallbackRulesTests
{
    private readonly CallbackRules _rules = Rules(TestReceivers.Secret());

    [Theory]
    [InlineData("https://receiver.example/ended?key=1#part", "https://receiver.example/ended?key=1")]
    [InlineData("HTTP://Receiver.example:80", "http://receiver.example/")]
    [InlineData("https://1.1.1.1/", "https://1.1.1.1/")]
    public void A_public_address_has_one_spelling(string address, string spelling) => Assert.Equal(spelling, _rules.Check(address));

    [Theory]
    [InlineData("ftp://receiver.example/?key=hush", "invalid_callback")]
    [InlineData("http://user:hush@receiver.example/", "invalid_callback")]
    [InlineData("http://receiver.example:8080/?key=hush", "callback_not_allowed")]
    [InlineData("http://10.0.0.1/?key=hush", "callback_not_allowed")]
    [InlineData("http://localhost/?key=hush", "callback_not_allowed")]
    public void Any_other_is_refused_and_not_repeated(string address, string code)
    {
        var refusal = Assert.Throws<RefusedException>(() => _rules.Check(address));

        Assert.Equal(code, refusal.Code.Name);
        Assert.DoesNotContain("hush", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SsrfTests.Texts), MemberType = typeof(SsrfTests))]
    public void What_web_sources_refuse_is_refused_here_too(string address) =>
        Assert.Throws<RefusedException>(() => _rules.Check(address));

    [Fact]
    public void Without_a_secret_nobody_is_called_back()
    {
        var refusal = Assert.Throws<RefusedException>(() => Rules("").Check("https://receiver.example/"));

        Assert.Equal(ErrorCode.CallbacksSwitchedOff.Name, refusal.Code.Name);
    }

    private static CallbackRules Rules(string secrets) =>
        new(Options.Create(new CallbackOptions { Secrets = secrets }), new AddressPolicy());
}
