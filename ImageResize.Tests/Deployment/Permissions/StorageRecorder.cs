using System.Collections.Concurrent;
using System.Net;
using ImageResize.Functions.Standalone.LocalStorage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ImageResize.Tests.Deployment.Permissions;

/// <summary>A proxy in front of Azurite that records the requests of one app.</summary>
internal sealed class StorageRecorder : IAsyncDisposable
{
    private readonly ConcurrentQueue<StorageRequest> _requests = new();
    private readonly List<WebApplication> _servers = [];
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
    });

    private StorageRecorder()
    {
    }

    /// <summary>The ports of the proxy. Addresses that the app signs have them, too.</summary>
    public AzuritePorts Ports { get; private set; } = AzuritePorts.Any;

    public IReadOnlyCollection<StorageRequest> Requests => _requests;

    public static async Task<StorageRecorder> StartAsync(AzuritePorts behind, CancellationToken cancellationToken)
    {
        var recorder = new StorageRecorder();
        recorder.Ports = new AzuritePorts(
            await recorder.ListenAsync("blob", behind.Blob, cancellationToken),
            await recorder.ListenAsync("queue", behind.Queue, cancellationToken),
            await recorder.ListenAsync("table", behind.Table, cancellationToken));

        return recorder;
    }

    /// <summary>The path and query as they were sent.</summary>
    public static string TargetOf(HttpContext context) => context.Features.Get<IHttpRequestFeature>()!.RawTarget;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _invoker.Dispose();
    }

    private async Task<int> ListenAsync(string service, int behind, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, http => http.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddHttpForwarder();
        var server = builder.Build();
        var forwarder = server.Services.GetRequiredService<IHttpForwarder>();
        server.Run(async context =>
        {
            await RecordAsync(service, context);
            await forwarder.SendAsync(
                context, $"http://127.0.0.1:{behind}/", _invoker, ForwarderRequestConfig.Empty, UnchangedTarget.Instance);
        });
        await server.StartAsync(cancellationToken);
        _servers.Add(server);

        return new Uri(server.Urls.Single()).Port;
    }

    private async Task RecordAsync(string service, HttpContext context)
    {
        var request = context.Request;
        string? transaction = null;
        if (service == "table" && request.Path.Value!.EndsWith("$batch", StringComparison.Ordinal))
        {
            var body = new MemoryStream();
            await request.Body.CopyToAsync(body, context.RequestAborted);
            transaction = System.Text.Encoding.UTF8.GetString(body.ToArray());
            body.Position = 0;
            request.Body = body;
        }

        _requests.Enqueue(new StorageRequest(service, request.Method, TargetOf(context))
        {
            IsCopy = request.Headers.ContainsKey("x-ms-copy-source"),
            HasCondition = request.Headers.IfMatch.Count > 0,
            Transaction = transaction,
        });
    }

    /// <summary>Forwards the address as it was sent, because it is signed. Azurite compares the host with that of copied blobs.</summary>
    private sealed class UnchangedTarget : HttpTransformer
    {
        public static readonly UnchangedTarget Instance = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.RequestUri = new Uri(
                destinationPrefix.TrimEnd('/') + TargetOf(httpContext),
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            proxyRequest.Headers.Host = httpContext.Request.Host.Value;
        }
    }
}
