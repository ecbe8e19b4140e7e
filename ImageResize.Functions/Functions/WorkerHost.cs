using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Storage;
using ImageResize.Functions.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Functions;

/// <summary>
/// Sets up the application as the isolated worker of an Azure Functions host, which owns triggers, retries, keys and scale.
/// </summary>
internal static partial class WorkerHost
{
    /// <summary>The visibility timeout of a message while a function runs. Fixed in the Functions host's code.</summary>
    public static readonly TimeSpan VisibilityTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The command-line option with the address of the Functions host that started this process.</summary>
    private const string HostAddress = "--functions-uri";

    /// <summary>The Functions host kills a worker 5 seconds after it has told it to end.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    public static bool IsRequested(string[] args) => args.Contains(HostAddress);

    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication().UseMiddleware<TraceContextMiddleware>();
        builder.AddWorkerTelemetry();
        var services = builder.Services;
        services.AddSingleton<WorkerPipeline>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);

        // The pipeline has limits of its own: see RequestBodyLimit.
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);

        return builder;
    }

    /// <summary>The same path each time a Functions host restarts its worker, and another path for each host.</summary>
    public static string CrashMarkerPath(string[] args)
    {
        var host = args.SkipWhile(arg => arg != HostAddress).ElementAtOrDefault(1);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{AppContext.BaseDirectory}\n{host}"));

        return Path.Combine(Path.GetTempPath(), $"ImageResize-{Convert.ToHexStringLower(hash)[..16]}.note");
    }

    /// <summary>
    /// Logs an error if requests would be written to a queue that no trigger reads: the names of the triggers are in the published
    /// functions.metadata, so the setting can't change them.
    /// </summary>
    public static void CheckQueueName(IServiceProvider services)
    {
        var queue = services.GetRequiredService<IOptions<StorageOptions>>().Value.WorkQueue;
        if (queue != Triggers.WorkQueue)
        {
            LogOtherQueue(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(WorkerHost)), queue, Triggers.WorkQueue);
        }
    }

    [LoggerMessage(
        17001,
        LogLevel.Error,
        "ImageResize__Storage__WorkQueue is {Queue}, but the queue functions read {TriggerQueue}: nothing will be processed. "
        + "Remove the setting",
        EventName = "WorkerHostOtherQueue")]
    private static partial void LogOtherQueue(ILogger logger, string queue, string triggerQueue);
}
