using System.Globalization;
using System.Net;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Blobs;
using ImageResize.Core.Storage.Health;
using ImageResize.Core.Storage.Outages;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Access;
using ImageResize.Functions.Development;
using ImageResize.Functions.Http;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.OldProgram;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Http.Uploads;
using ImageResize.Functions.Queue;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Standalone;

/// <summary>Runs the application without a Functions host: Kestrel, a queue listener, a retention loop, keys and rate limits of its own.</summary>
internal static class StandaloneHost
{
    private const string DefaultUrl = "http://127.0.0.1:7071";

    /// <param name="change">Replaces services, for tests.</param>
    public static async Task RunAsync(string[] args, Action<IServiceCollection> change)
    {
        var builder = CreateBuilder(args);
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) => change(services));
        await using var azurite = await StartAzuriteIfWantedAsync(builder);
        await using var app = Build(builder);
        await app.StartAsync();
        Greeting.Print(app);
        await app.WaitForShutdownAsync();
    }

    /// <summary>Settings files are found beside the program, whatever the working directory is.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args) =>
        WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var role = builder.Configuration.GetValue("ImageResize:Role", Role.All);

        // One line per event of ours; the platform's own would also write query strings.
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
        if (!Listeners.AreSet(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        ApplicationServices.Add(builder, new QueueSettings().Lease, isWorker: false);
        AddListeners(builder.Services, role);
        AddAccess(builder, role);

        var app = builder.Build();
        HttpPipeline.Use(app, role, isStandalone: true);

        return app;
    }

    /// <summary>What drives the work standalone.</summary>
    private static void AddListeners(IServiceCollection services, Role role)
    {
        if (role is not Role.Api)
        {
            services.AddSingleton(QueueSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json")));
            services.AddSingleton<IHostedService>(provider => QueueListener.Of(provider.GetRequiredService<LanedQueue>().Small, provider));
            services.AddSingleton<IHostedService>(provider => QueueListener.Of(provider.GetRequiredService<LanedQueue>().Bulk, provider));
            services.AddSingleton<IHostedService>(provider => QueueListener.OfPoison(provider.GetRequiredService<LanedQueue>().Small, provider));
            services.AddSingleton<IHostedService>(provider => QueueListener.OfPoison(provider.GetRequiredService<LanedQueue>().Bulk, provider));
        }

        if (role is not Role.Worker)
        {
            services.AddHostedService<RetentionLoop>();
        }
    }

    /// <summary>Who may call standalone, and how much.</summary>
    private static void AddAccess(WebApplicationBuilder builder, Role role)
    {
        if (role is not Role.Worker)
        {
            Listeners.CheckKeys(builder.Configuration, builder.Environment);
        }

        var services = builder.Services;
        services.AddSingleton<KeyRing>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>((kestrel, limits) => ConnectionLimits.Configure(kestrel, limits.Value));
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<AccessOptions>>((cors, access) => CrossOrigin.Configure(cors, access.Value));
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((limiter, limits) => CallerLimits.Configure(limiter, limits.Value));
    }

    /// <summary>On a developer's machine, when nothing else is set: storage that comes and goes with the program.</summary>
    private static async Task<DevelopmentStorage?> StartAzuriteIfWantedAsync(WebApplicationBuilder builder)
    {
        var isWanted = builder.Environment.IsDevelopment()
            && StorageSettings.ConnectionString(builder.Configuration, builder.Environment) == StorageSettings.Development;

        return isWanted ? await DevelopmentStorage.StartAsync(Console.WriteLine, CancellationToken.None) : null;
    }
}
