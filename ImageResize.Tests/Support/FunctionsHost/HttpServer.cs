using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>The server that callers reach. An address or a method that no function has is answered 404 without a body.</summary>
internal static class HttpServer
{
    public static async Task<WebApplication> StartAsync(
        FunctionInvoker functions,
        IEnumerable<DeclaredFunction> declared,
        CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = HttpTriggers.MaxRequestBodySize;
            kestrel.Listen(IPAddress.Loopback, 0, http => http.Protocols = HttpProtocols.Http1);
        });

        // CreateSlimBuilder leaves out regular expressions in routes, and functions may use any constraint.
        builder.Services.AddRouting();
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(functions);
        builder.Services.AddSingleton<HttpTriggers>();
        var server = builder.Build();
        server.UseRouting();
        server.Use((context, next) =>
        {
            if (context.GetEndpoint() is RouteEndpoint)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;

            return Task.CompletedTask;
        });
        server.Services.GetRequiredService<HttpTriggers>().Map(server, declared);
        await server.StartAsync(cancellationToken);

        return server;
    }
}
