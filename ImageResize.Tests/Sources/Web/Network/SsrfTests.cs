using System.Net;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Sources.Web.Network;

/// <summary>Ways to make a server fetch internal addresses. Each must end in a refusal, and no canary may receive a connection.</summary>
[Collection(CanaryCollection.Name)]
public sealed class SsrfTests : IAsyncDisposable
{
    private static readonly string[] Refusals = [ErrorCode.InvalidSource.Name, ErrorCode.SourceNotAllowed.Name];

    private readonly Canaries _canaries;
    private readonly TestWeb _web = new() { Policy = new AddressPolicy() };

    public SsrfTests(Canaries canaries)
    {
        _canaries = canaries;

        // If a name in the texts below were ever resolved, it would lead to the canaries.
        _web.Resolver.Add("good.example", new IPEndPoint(IPAddress.Loopback, canaries.OtherPort));
    }

    public static TheoryData<string> Texts =>
    [
        // This machine, in every notation of an IPv4 address.
        "http://127.0.0.1/", "http://127.0.0.1:80/a.jpg", "https://127.0.0.1/", "HTTP://127.0.0.1", "http://127.0.0.2/",
        "http://127.1.2.3/",
        "http://127.255.255.254/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/",
        "http://0x7f.1/", "http://0X7F.0X1/", "http://0177.0.0.1/", "http://0177.1/", "http://017700000001/", "http://00000177.0.0.1/",
        "http://127.000.000.001/", "http://127.0.0.1./", "http://127.0.0.1../", "http://127.0.0.1.0/", "http://383.0.0.1/",
        "http://4425673729/", "http://0/", "http://00/", "http://0x0/", "http://0.0.0.0/", "http://0.0.0.0:80/", "http://1/", "http://127/",

        // Other internal addresses.
        "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/",
        "http://169.254.43518/", "http://168.63.129.16/", "http://100.100.100.200/", "http://192.0.0.192/", "http://10.0.0.1/",
        "http://10.1/", "http://100.64.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://192.0.2.1/",
        "http://192.88.99.1/", "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.1/", "http://224.0.0.1/",
        "http://240.0.0.1/", "http://255.255.255.255/",

        // IPv6, and IPv4 addresses in IPv6 notation.
        "http://[::1]/", "http://[::1]:80/", "http://[0:0:0:0:0:0:0:1]/", "http://[0000::0001]/", "http://[::]/", "http://[::127.0.0.1]/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::FFFF:169.254.169.254]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/",
        "http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b:1::7f00:1]/", "http://[100::1]/",
        "http://[2001:0:7f00:1::]/", "http://[2001:db8::1]/", "http://[2002:7f00:1::]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/",
        "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[::1%25lo]/", "http://[::1%lo]/", "http://[fec0::1]/", "http://[ff02::1]/",
        "http://[2606:4700::5efe:127.0.0.1]/", "http://[::1/", "http://::1/", "http://[127.0.0.1]/", "http://[]/", "http://[v1.7f000001]/",

        // Unicode digits, letters and dots that programs convert to ASCII.
        "http://①②⑦.⓪.⓪.①/", "http://１２７.０.０.１/", "http://127.0.0.１/", "http://127。0。0。1/", "http://127．0．0．1/", "http://127｡0｡0｡1/",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://ｌｏｃａｌｈｏｓｔ/", "http://loc\u00ADalhost/", "http://localho\u200Bst/", "http://\u202Elocalhost/",
        "http://evil。localhost/", "http://[::①]/", "http://good.example℀/", "http://good．example＠127.0.0.1/",
        "http://good.example／@127.0.0.1/",

        // Names of this machine.
        "http://localhost/", "http://LOCALHOST/", "https://localhost:443/", "http://localhost./", "http://foo.localhost/",
        "http://localhost.localdomain/", "http://printer.local/", "http://router.home.arpa/", "http://metadata.google.internal/",
        "http://METADATA.GOOGLE.INTERNAL/", "http://metadata.google.internal./", "http://host.docker.internal/", "http://metadata/",
        "http://instance-data/", "http://intranet/", "http://ip6-localhost/", "http://kubernetes.default.svc.cluster.local/",

        // Texts in which programs disagree about where the host ends.
        "http://user@good.example/", "http://user:secret@good.example/", "http://good.example@127.0.0.1/", "http://127.0.0.1@good.example/",
        "http://127.0.0.1:80@good.example/", "http://good.example:80@127.0.0.1/", "http://@127.0.0.1/", "http://@good.example/",
        "http://:@good.example/", "http://a@b@good.example/", "http://user@[2606:4700::1111]/", "http://user@1.1.1.1/",
        "http://[2606:4700::1111%251]/", "http://[2606:4700::1111%251]:80/", "http://127.0.0.1#@good.example/",
        "http://127.0.0.1?@good.example/",
        "http://good.example\\@127.0.0.1/", "http://127.0.0.1\\@good.example/", "http://127.0.0.1\\.good.example/", "http:\\\\127.0.0.1\\",
        "http:/127.0.0.1/", "http:127.0.0.1/", "http:///127.0.0.1/", "http:////127.0.0.1/", "//127.0.0.1/", "127.0.0.1/", "http://",
        "http://?", "http://.", "http://..", "http://good..example/", "http://.good.example/", "http://-good.example/",
        "http://good.example-/",
        "http://127.0.0.1%00.good.example/", "http://good.example%00/", "http://%31%32%37.0.0.1/", "http://127%2e0%2e0%2e1/",
        "http://127.0.0.1%23.good.example/", "http://127.0.0.1%2f.good.example/", "http://good.example%40127.0.0.1/",
        "http://good.example%2f@127.0.0.1/", "http://127.0.0.1\0.good.example/", "http://127.0.0.1\t.good.example/",
        "http://127.0.0.1 .good.example/", "http://127.0.0.1\r\n.good.example/", "http://good.example/\r\nHost: 127.0.0.1",
        "http://good.example/a\nb", "http://good.example/a b", "http://good.example/\u001b", "http://good.example/\u0085",
        " http://good.example/",
        "http://good.example/ ", "\thttp://good.example/", "http://good.example:80:80/", "http://good.example,127.0.0.1/",
        "http://good.example;127.0.0.1/", "http://good.example&@127.0.0.1/", "http://{127.0.0.1}/", "http://127.0.0.1+good.example/",

        // Other schemes.
        "file:///etc/passwd", "FILE:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:80/_GET",
        "dict://127.0.0.1/",
        "ldap://127.0.0.1/", "ws://127.0.0.1/", "data:image/png;base64,AAAA", "jar:http://127.0.0.1!/", "unix:/var/run/docker.sock",
        "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "javascript:alert(1)", "blob:http://127.0.0.1/", "url:http://127.0.0.1/",
        "httpx://127.0.0.1/",

        // Other ports.
        "http://good.example:22/", "http://good.example:0/", "http://good.example:99999/", "http://good.example:-80/",
        "http://good.example:8080/",
        "http://good.example:6379/", "http://good.example:+80/", "http://good.example:0x50/", "https://good.example:10250/",
        "http://good.example:65616/",

        "", $"http://good.example/{new string('a', 8_192)}", $"http://good.example/{new string('ä', 1_000)}",
        $"http://{string.Join('.', Enumerable.Repeat("aaaa", 60))}.example/",
    ];

    /// <summary>Addresses that a name can resolve to; several addresses are one response.</summary>
    public static TheoryData<string> Addresses =>
    [
        "127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254", "0.0.0.0", "0.0.0.1", "10.0.0.1", "100.64.0.1", "100.100.100.200",
        "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
        "fc00::1",
        "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:127.0.0.1",

        "1.1.1.1 127.0.0.1", "127.0.0.1 1.1.1.1", "1.1.1.1 8.8.8.8 ::1", "2606:4700::1111 ::1", "1.1.1.1 ::ffff:127.0.0.1", "::1 127.0.0.1",
        "1.1.1.1 169.254.169.254",
    ];

    /// <summary>Addresses to which a public server can redirect. {other} is the canaries' second port.</summary>
    public static TheoryData<string> Redirects =>
    [
        "http://127.0.0.1/", "http://127.0.0.1:{other}/", "https://127.0.0.1/", "//127.0.0.1/", "//127.0.0.1:{other}/", "http://127.1/",
        "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://0/", "http://0.0.0.0/", "http://127.0.0.1./",
        "http://169.254.169.254/latest/meta-data/", "http://168.63.129.16/", "http://10.0.0.1/", "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://100.64.0.1/", "http://[::1]/", "http://[::1]:{other}/", "http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fd00:ec2::254]/", "http://[fe80::1]/", "http://localhost/",
        "http://localhost:{other}/", "http://foo.localhost/", "http://metadata.google.internal/", "http://inside.example/",
        "https://inside.example/", "//inside.example/", "http://user@inside.example/", "http://good.example@127.0.0.1/",
        "http://good.example\\@127.0.0.1/", "\\\\127.0.0.1\\", "/\\127.0.0.1/", "http:\\\\127.0.0.1/", "http://%31%32%37.0.0.1/",
        "http://127.0.0.1\t/", "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:80/",
        "data:image/png,A",
        "jar:http://127.0.0.1!/", "unix:/var/run/docker.sock", "javascript:alert(1)", "http://inside.example:22/",
        "http://inside.example:{other}/", "http:///127.0.0.1/",
    ];

    [Trait("Abuse", "20")]
    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_of_an_internal_address_is_refused_before_and_when_it_is_opened(string text)
    {
        var source = _web.Source();

        var fromText = Assert.Throws<RefusedException>(() => source.Normalize(text.ToSource()));
        var whenOpened = await Assert.ThrowsAsync<RefusedException>(
            () => source.OpenAsync(text.ToSource(), TestContext.Current.CancellationToken));

        Assert.Contains(fromText.Code.Name, Refusals);
        Assert.Equal(fromText.Code, whenOpened.Code);
        Assert.Empty(_web.Resolver.Lookups);
        Assert.Equal(0, _canaries.TakeConnections());
    }

    [Trait("Abuse", "20")]
    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_host_that_resolves_to_an_internal_address_is_refused_before_connecting(string addresses)
    {
        foreach (var port in new[] { 80, _canaries.OtherPort })
        {
            var places = addresses.Split(' ').Select(address => new IPEndPoint(IPAddress.Parse(address), port));
            _web.Resolver.Add($"port{port}.example", [.. places]);

            var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync($"http://port{port}.example/a.jpg"));

            Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
            Assert.DoesNotContain(addresses, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, _canaries.TakeConnections());
    }

    [Trait("Abuse", "21")]
    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task A_redirect_to_an_internal_address_is_refused_before_connecting(string location)
    {
        var target = location.Replace("{other}", $"{_canaries.OtherPort}", StringComparison.Ordinal);
        await using var web = new TestWeb { Policy = new AnyAddressOnce() };
        web.Resolver.Add("inside.example", new IPEndPoint(IPAddress.Loopback, _canaries.OtherPort));
        web.Server.Redirect("/a.jpg", target);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Contains(refusal.Code.Name, Refusals);
        Assert.Single(web.Server.Requests);
        Assert.Equal(0, _canaries.TakeConnections());
    }

    [Trait("Abuse", "21")]
    [Fact]
    public async Task A_host_is_resolved_only_once()
    {
        await using var web = new TestWeb();
        web.Resolver.Add("pictures.example", new IPEndPoint(IPAddress.Loopback, _canaries.OtherPort));
        web.Server.Answer("/a.jpg", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");

        var bytes = await web.ReadAsync("http://pictures.example/a.jpg");

        Assert.Equal("abc"u8.ToArray(), bytes);
        Assert.Single(web.Resolver.Lookups);
        Assert.Equal(0, _canaries.TakeConnections());
    }

    [Fact]
    public async Task A_host_that_resolves_differently_after_a_redirect_is_checked_again()
    {
        await using var web = new TestWeb { Policy = new AnyAddressOnce() };
        web.Resolver.Add("pictures.example", new IPEndPoint(IPAddress.Loopback, _canaries.OtherPort));
        web.Server.Redirect("/a.jpg", "http://pictures.example/b.jpg");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
        Assert.Equal(0, _canaries.TakeConnections());
    }

    [Fact]
    public async Task A_host_that_resolves_differently_on_the_second_attempt_is_checked_again()
    {
        await using var web = new TestWeb { Policy = new AnyAddressOnce() };
        web.Resolver.Add("pictures.example", new IPEndPoint(IPAddress.IPv6Loopback, _canaries.OtherPort));
        web.Server.Answer("/a.jpg", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
        Assert.Equal(0, _canaries.TakeConnections());
    }

    [Fact]
    public async Task An_allowed_host_must_be_public_too()
    {
        await using var web = new TestWeb { Policy = new AddressPolicy(), Options = new() { AllowedHosts = "inside.example" } };
        web.Resolver.Add("inside.example", new IPEndPoint(IPAddress.Loopback, _canaries.OtherPort));

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => web.OpenAsync("http://inside.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
        Assert.Equal(0, _canaries.TakeConnections());
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
