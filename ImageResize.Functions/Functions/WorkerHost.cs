using ImageResize.Functions.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageResize.Functions.Functions;

/// <summary>Runs the application as the isolated worker of an Azure Functions host, which owns triggers, retries, keys and scale.</summary>
internal static class WorkerHost
{
    /// <summary>The command-line option with the address of the host that starts this process.</summary>
    private const string HostAddress = "--functions-uri";

    /// <summary>The visibility timeout of a message while a function runs; fixed in the Functions host's code.</summary>
    private static readonly TimeSpan MessageLease = TimeSpan.FromMinutes(10);

    public static bool IsRequested(string[] args) => args.Contains(HostAddress);

    public static async Task RunAsync(string[] args, Action<IServiceCollection> change)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        ApplicationServices.Add(builder, MessageLease);
        builder.Services.AddSingleton<WorkerPipeline>();

        // Above the Functions host's own limit: a request that Kestrel refuses is retried by the host for seconds and ends as 500.
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        change(builder.Services);

        using var host = builder.Build();
        await host.RunAsync();
    }
}
