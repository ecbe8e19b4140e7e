using System.Collections.Concurrent;
using System.Net;
using Azure.Storage;
using Azure.Storage.Sas;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ImageResize.Tests.Deployment.Identity;

/// <summary>
/// Azure as an app sees it: tokens of its identity, and a storage account at its real address that accepts only these. The app reaches it
/// by a proxy and trusts its certificate, because of <see cref="Environment"/>. Behind it is Azurite.
/// </summary>
internal sealed class AzureDouble : IAsyncDisposable
{
    private const string IdentityHeader = "the-identity-header";
    private const string AccessToken = "a-token-of-the-identity";

    private static readonly string[] Services = ["blob", "queue", "table"];

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _files = new();
    private readonly ConcurrentQueue<string> _clients = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly HttpMessageInvoker _azurite = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    private readonly AzuritePorts _ports;
    private readonly string _account;
    private readonly string _signature;
    private WebApplication? _server;
    private TunnelProxy? _proxy;

    private AzureDouble(AzuritePorts ports, string account)
    {
        (_ports, _account) = (ports, account);
        var parts = ports.ConnectionString.Split(';').Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1]);
        var signature = new AccountSasBuilder(
            AccountSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1), AccountSasServices.All, AccountSasResourceTypes.All);
        _signature = signature.ToSasQueryParameters(new StorageSharedKeyCredential(parts["AccountName"], parts["AccountKey"])).ToString();
    }

    /// <summary>What the platform and the machine give the app in addition to its settings.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The client ids of the identities whose tokens were requested.</summary>
    public IReadOnlyCollection<string> Clients => _clients;

    /// <summary>The hosts of the requests with a token.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<AzureDouble> StartAsync(AzuritePorts behind, string account, CancellationToken cancellationToken)
    {
        var azure = new AzureDouble(behind, account);
        var (identity, https) = await azure.ListenAsync(cancellationToken);
        azure._proxy = new TunnelProxy(https);
        azure.Environment["IDENTITY_ENDPOINT"] = $"http://127.0.0.1:{identity}/token";
        azure.Environment["IDENTITY_HEADER"] = IdentityHeader;
        azure.Environment["HTTPS_PROXY"] = $"http://127.0.0.1:{azure._proxy.Port}";
        azure.Environment["SSL_CERT_FILE"] = azure._files.Write(
            "root.pem", System.Text.Encoding.ASCII.GetBytes(azure._authority.Root.ExportCertificatePem()));

        return azure;
    }

    public async ValueTask DisposeAsync()
    {
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _azurite.Dispose();
        _authority.Dispose();
        _files.Dispose();
    }

    private async Task<(int Identity, int Https)> ListenAsync(CancellationToken cancellationToken)
    {
        var certificate = _authority.Issue(
            [.. Services.Select(service => $"{_account}.{service}.core.windows.net"), "*.monitor.example"]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, https =>
            {
                https.Protocols = HttpProtocols.Http1;
                https.UseHttps(certificate);
            });
        });
        builder.Services.AddHttpForwarder();
        _server = builder.Build();
        var forwarder = _server.Services.GetRequiredService<IHttpForwarder>();
        _server.Run(context => context.Request.IsHttps ? ServeAsync(context, forwarder) : GiveTokenAsync(context));
        await _server.StartAsync(cancellationToken);
        var ports = _server.Urls.Select(url => new Uri(url)).ToDictionary(url => url.Scheme, url => url.Port);

        return (ports["http"], ports["https"]);
    }

    /// <summary>As the endpoint of App Service for the identities of an app.</summary>
    private async Task GiveTokenAsync(HttpContext context)
    {
        if (context.Request.Headers["X-IDENTITY-HEADER"] != IdentityHeader)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var client = context.Request.Query["client_id"].ToString();
        _clients.Enqueue(client);
        await context.Response.WriteAsJsonAsync(new Dictionary<string, string>
        {
            ["access_token"] = AccessToken,
            ["client_id"] = client,
            ["expires_on"] = $"{DateTimeOffset.UtcNow.AddHours(8).ToUnixTimeSeconds()}",
            ["resource"] = context.Request.Query["resource"].ToString(),
            ["token_type"] = "Bearer",
        });
    }

    private async Task ServeAsync(HttpContext context, IHttpForwarder forwarder)
    {
        var host = context.Request.Host.Host;
        if (context.Request.Headers.Authorization != $"Bearer {AccessToken}")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        _requests.Enqueue(host);
        var port = host.Split('.') switch
        {
            [_, "blob", ..] => _ports.Blob,
            [_, "queue", ..] => _ports.Queue,
            [_, "table", ..] => _ports.Table,
            _ => 0,
        };
        if (port == 0)
        {
            await context.Response.WriteAsJsonAsync(new { itemsReceived = 1, itemsAccepted = 1 });
            return;
        }

        context.Request.Headers.Authorization = default;
        await forwarder.SendAsync(
            context, $"http://127.0.0.1:{port}/", _azurite, ForwarderRequestConfig.Empty, new SignedTarget(_signature));
    }

    /// <summary>Azurite has another account, and opens it by a signature, because tokens need HTTPS there.</summary>
    private sealed class SignedTarget(string signature) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            var target = Permissions.StorageRecorder.TargetOf(httpContext);
            var separator = target.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            proxyRequest.RequestUri = new Uri($"{destinationPrefix}devstoreaccount1{target}{separator}{signature}");
            proxyRequest.Headers.Host = null;
        }
    }
}
