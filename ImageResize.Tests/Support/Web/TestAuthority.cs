using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageResize.Tests.Support.Web;

/// <summary>Issues certificates that only a test trusts.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddDays(-1);

    private static readonly DateTimeOffset End = DateTimeOffset.UtcNow.AddDays(1);

    private readonly List<X509Certificate2> _issued = [];

    public TestAuthority() => Root = Authority("Test root", issuer: null);

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issue(params string[] hosts) => Issue(Root, hosts, issuerAt: null);

    /// <summary>Issues a certificate that names an address for its issuer's certificate, which the server does not send.</summary>
    public X509Certificate2 IssueWithMissingLink(string host, string issuerAt) => Issue(Authority("Test link", Root), [host], issuerAt);

    public void Dispose() => _issued.ForEach(certificate => certificate.Dispose());

    private X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));

        return issuer is null
            ? Keep(request.CreateSelfSigned(Start.AddDays(-1), End.AddDays(1)))
            : Keep(request.Create(issuer, Start, End, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key));
    }

    private X509Certificate2 Issue(X509Certificate2 issuer, string[] hosts, string? issuerAt)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        Array.ForEach(hosts, names.AddDnsName);
        request.CertificateExtensions.Add(names.Build());

        if (issuerAt is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([issuerAt], [issuerAt]));
        }

        using var certificate = request.Create(issuer, Start, End, RandomNumberGenerator.GetBytes(8));

        return Keep(certificate.CopyWithPrivateKey(key));
    }

    // Through PKCS #12, because Windows needs a persisted key for TLS.
    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        using (certificate)
        {
            var kept = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
            _issued.Add(kept);
            return kept;
        }
    }
}
