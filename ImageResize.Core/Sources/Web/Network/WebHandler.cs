using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Creates an HTTP handler without any automatic behavior.</summary>
internal static class WebHandler
{
    private const int MaxHeaderKilobytes = 32;

    public static SocketsHttpHandler Create(PublicConnector connector, TimeSpan connectTimeout) => new()
    {
        ConnectCallback = connector.ConnectAsync,
        ConnectTimeout = connectTimeout,

        // A proxy would resolve the host and connect without the checks.
        UseProxy = false,
        AllowAutoRedirect = false,

        // No state is kept between requests or sent to servers.
        UseCookies = false,
        Credentials = null,
        PreAuthenticate = false,
        ActivityHeadersPropagator = null,

        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeaderKilobytes,

        // A connection serves one request, so that each request resolves and checks its host. It ends when the stream is closed.
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.Zero,

        SslOptions = new SslClientAuthenticationOptions
        {
            // Certificates can contain URLs of their issuer and revocation list, which .NET would fetch.
            CertificateChainPolicy = new X509ChainPolicy
            {
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
