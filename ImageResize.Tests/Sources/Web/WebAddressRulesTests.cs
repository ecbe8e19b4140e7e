using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.Tests.Sources.Web;

public sealed class WebAddressRulesTests
{
    private readonly WebAddressRules _rules = new(new WebSourceOptions(), new AddressPolicy());

    public static TheoryData<string, string> Spellings => new()
    {
        { "http://img.example.com", "http://img.example.com/" },
        { "HTTP://IMG.Example.COM/A.jpg", "http://img.example.com/A.jpg" },
        { "http://img.example.com:80/a.jpg", "http://img.example.com/a.jpg" },
        { "http://img.example.com:/a.jpg", "http://img.example.com/a.jpg" },
        { "https://img.example.com:443/a.jpg", "https://img.example.com/a.jpg" },
        { "https://img.example.com:80/a.jpg", "https://img.example.com:80/a.jpg" },
        { "http://img.example.com:443/a.jpg", "http://img.example.com:443/a.jpg" },
        { "http://img.example.com/a.jpg#part", "http://img.example.com/a.jpg" },
        { "http://img.example.com#@127.0.0.1/", "http://img.example.com/" },
        { "http://img.example.com?x=1", "http://img.example.com/?x=1" },
        { "http://img.example.com/a/../b/./c.jpg", "http://img.example.com/b/c.jpg" },
        { "http://img.example.com/a%20b%2Fc.jpg?s=%2B%26", "http://img.example.com/a%20b%2Fc.jpg?s=%2B%26" },
        { "http://img.example.com/a@b:c.jpg", "http://img.example.com/a@b:c.jpg" },
        { "http://img.example.com/übung.jpg?ö=ü", "http://img.example.com/%C3%BCbung.jpg?%C3%B6=%C3%BC" },
        { "http://bücher.example/ä.jpg", "http://xn--bcher-kva.example/%C3%A4.jpg" },
        { "http://例え.テスト.example/", "http://xn--r8jz45g.xn--zckzah.example/" },
        { "http://my_pictures.example.com/", "http://my_pictures.example.com/" },
        { "http://1.2.3.4.example.com/", "http://1.2.3.4.example.com/" },
        { "http://1.1.1.1/a.jpg", "http://1.1.1.1/a.jpg" },
        { "https://[2606:4700:4700:0:0:0:0:1111]/a.jpg", "https://[2606:4700:4700::1111]/a.jpg" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void An_address_is_normalized(string text, string spelling) => Assert.Equal(spelling, _rules.Read(text).AbsoluteUri);

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_normalized_address_stays_the_same(string text, string spelling) =>
        Assert.Equal(spelling, _rules.Read(_rules.Read(text).AbsoluteUri).AbsoluteUri);

    [Theory]
    [InlineData("/b.jpg", "https://img.example.com/b.jpg")]
    [InlineData("b.jpg?x=1#part", "https://img.example.com/a/b.jpg?x=1")]
    [InlineData("../b.jpg", "https://img.example.com/b.jpg")]
    [InlineData("?x=1", "https://img.example.com/a/a.jpg?x=1")]
    [InlineData("//cdn.example.com/b.jpg", "https://cdn.example.com/b.jpg")]
    [InlineData("https://CDN.example.com/b.jpg", "https://cdn.example.com/b.jpg")]
    [InlineData("/bücher.jpg", "https://img.example.com/b%C3%BCcher.jpg")]
    public void A_relative_redirect_is_followed(string location, string expected) =>
        Assert.Equal(expected, _rules.Follow(new Uri("https://img.example.com/a/a.jpg"), location).AbsoluteUri);

    [Fact]
    public void From_https_no_redirect_leads_to_http()
    {
        var refusal = Assert.Throws<RefusedException>(
            () => _rules.Follow(new Uri("https://img.example.com/"), "http://img.example.com/"));

        Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
    }

    [Theory]
    [InlineData("http://user:secret@img.example.com/?sig=hush")]
    [InlineData("http://img.example.com:22/?sig=hush")]
    [InlineData("http://10.0.0.1/?sig=hush")]
    [InlineData("http://img.example.com/ ?sig=hush")]
    [InlineData("http://localhost/?sig=hush")]
    public void A_refusal_does_not_contain_secrets_of_the_address(string text)
    {
        var refusal = Assert.Throws<RefusedException>(() => _rules.Read(text));

        Assert.DoesNotContain("hush", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://img.example.com/", true)]
    [InlineData("http://IMG.example.com/", true)]
    [InlineData("http://other.example.com/", false)]
    [InlineData("http://img.example.com.evil.example/", false)]
    [InlineData("http://a.pictures.example/", true)]
    [InlineData("http://a.b.pictures.example/", true)]
    [InlineData("http://pictures.example/", false)]
    [InlineData("http://evilpictures.example/", false)]
    [InlineData("http://1.1.1.1/", false)]
    public void Hosts_that_are_not_listed_are_refused(string text, bool allowed)
    {
        var options = new WebSourceOptions { AllowedHosts = "Img.Example.com, *.pictures.example" };
        var rules = new WebAddressRules(options, new AddressPolicy());

        var refusal = Record.Exception(() => rules.Read(text)) as RefusedException;

        Assert.Equal(allowed ? null : ErrorCode.SourceNotAllowed.Name, refusal?.Code.Name);
    }

    [Fact]
    public void Nothing_is_allowed_when_the_web_is_switched_off()
    {
        var rules = new WebAddressRules(new WebSourceOptions { Enabled = false }, new AddressPolicy());

        var refusal = Assert.Throws<RefusedException>(() => rules.Read("http://img.example.com/"));

        Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
    }
}
