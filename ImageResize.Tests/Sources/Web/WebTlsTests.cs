using System.Security.Cryptography.X509Certificates;
using ImageResize.Core.Errors;
using ImageResize.Tests.Sources.Web.Network;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Sources.Web;

[Collection(CanaryCollection.Name)]
public sealed class WebTlsTests(Canaries canaries) : IDisposable
{
    private const string Image = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";

    private readonly TestAuthority _authority = new();

    [Fact]
    public async Task An_image_is_read_over_https()
    {
        await using var web = Web(_authority.Issue("pictures.example"));
        web.Server.Answer("/a.jpg", Image);

        Assert.Equal("abc", await ReadTrustingAsync(web, "https://pictures.example/a.jpg"));
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused()
    {
        await using var web = Web(_authority.Issue("other.example"));
        web.Server.Answer("/a.jpg", Image);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => ReadTrustingAsync(web, "https://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
    }

    [Fact]
    public async Task An_untrusted_certificate_is_refused()
    {
        await using var web = Web(_authority.Issue("pictures.example"));
        web.Server.Answer("/a.jpg", Image);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => web.ReadAsync("https://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
    }

    [Fact]
    public async Task A_redirect_from_https_to_http_is_refused()
    {
        await using var web = Web(_authority.Issue("pictures.example"));
        await using var plain = new StubServer();
        web.Resolver.Add("plain.example", plain.Place);
        web.Server.Redirect("/a.jpg", "http://plain.example/a.jpg");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => ReadTrustingAsync(web, "https://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
        Assert.DoesNotContain("plain.example", web.Resolver.Lookups);
        Assert.Empty(plain.Requests);
    }

    /// <summary>TLS would fetch a missing issuer from wherever the certificate says, and ask there whether it was revoked.</summary>
    [Fact]
    public async Task The_issuer_URL_of_a_certificate_is_not_fetched()
    {
        var inside = $"http://127.0.0.1:{canaries.OtherPort}/issuer.crt";
        await using var web = Web(_authority.IssueWithMissingLink("pictures.example", inside));
        web.Server.Answer("/a.jpg", Image);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => ReadTrustingAsync(web, "https://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
        Assert.Equal(0, canaries.TakeConnections());
    }

    [Fact]
    public async Task A_shared_Drive_file_is_downloaded()
    {
        await using var web = Web(_authority.Issue("drive.google.com", "drive.usercontent.google.com"));
        web.Resolver.Add("drive.google.com", web.Server.Place);
        web.Resolver.Add("drive.usercontent.google.com", web.Server.Place);
        web.Server
            .Redirect("/uc?export=download&id=1aB", "https://drive.usercontent.google.com/download?id=1aB&export=download", "303 See Other")
            .Answer("/download?id=1aB&export=download", Image);

        Assert.Equal("abc", await ReadTrustingAsync(web, "https://drive.google.com/file/d/1aB/view?usp=sharing"));
    }

    [Fact]
    public async Task A_shared_Dropbox_file_is_downloaded()
    {
        await using var web = Web(_authority.Issue("www.dropbox.com"));
        web.Resolver.Add("www.dropbox.com", web.Server.Place);
        web.Server.Answer("/scl/fi/k3y/a.jpg?rlkey=r&dl=1", "HTTP/1.1 200 OK\r\nContent-Type: application/binary\r\n\r\nabc");

        Assert.Equal("abc", await ReadTrustingAsync(web, "https://www.dropbox.com/scl/fi/k3y/a.jpg?rlkey=r&dl=0"));
    }

    [Fact]
    public async Task A_share_link_that_requires_a_login_is_not_public()
    {
        await using var web = Web(_authority.Issue("drive.google.com", "accounts.google.com"));
        web.Resolver.Add("drive.google.com", web.Server.Place);
        web.Resolver.Add("accounts.google.com", web.Server.Place);
        web.Server
            .Redirect("/uc?export=download&id=1aB", "https://accounts.google.com/ServiceLogin?continue=1")
            .Answer("/ServiceLogin?continue=1", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<!doctype html>");

        var refusal = await Assert.ThrowsAsync<RefusedException>(
            () => ReadTrustingAsync(web, "https://drive.google.com/open?id=1aB"));

        Assert.Equal(ErrorCode.SourceNotPublic.Name, refusal.Code.Name);
    }

    public void Dispose() => _authority.Dispose();

    // A fast clock for the pause between two tries, and limits that it does not reach.
    private static TestWeb Web(X509Certificate2 certificate) => new(new StubServer(certificate))
    {
        Options = new() { TimeoutSeconds = 600, IdleTimeoutSeconds = 600 },
        Clock = new FastClock(),
    };

    private async Task<string> ReadTrustingAsync(TestWeb web, string address)
    {
        var source = web.Source();
        var trust = source.Tls.CertificateChainPolicy!;
        trust.TrustMode = X509ChainTrustMode.CustomRootTrust;
        trust.CustomTrustStore.Add(_authority.Root);

        await using var stream = await source.OpenAsync(address.ToSource(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
