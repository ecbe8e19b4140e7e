using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>The platform's HTTP client, told to do nothing of its own accord.</summary>
internal static class WebHandler
{
    private const int MaxHeaderKilobytes = 32;

    public static SocketsHttpHandler Create(PublicConnector connector, TimeSpan connectTimeout) => new()
    {
        ConnectCallback = connector.ConnectAsync,
        ConnectTimeout = connectTimeout,

        // A proxy would do the lookup and the connecting for us, unchecked.
        UseProxy = false,
        AllowAutoRedirect = false,

        // Nothing is carried from one fetch to the next, nor to strangers.
        UseCookies = false,
        Credentials = null,
        PreAuthenticate = false,
        ActivityHeadersPropagator = null,

        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeaderKilobytes,

        // A connection serves one request: each has its own lookup and check, and ends when its stream is closed.
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.Zero,

        SslOptions = new SslClientAuthenticationOptions
        {
            // A certificate can name addresses to fetch its issuer and its revocation list from, and the platform would go there.
            CertificateChainPolicy = new X509ChainPolicy
            {
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
