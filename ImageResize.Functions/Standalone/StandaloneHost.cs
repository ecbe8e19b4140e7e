using ImageResize.Core.Watches;
using ImageResize.Core.Watches.Events;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Http;
using ImageResize.Functions.Http.Identity;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Http.Proxies;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Standalone.Access;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Functions.Standalone.Queues;
using ImageResize.Functions.Telemetry;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Standalone;

/// <summary>
/// Sets up the application without a Functions host: Kestrel, queue listeners, a cleanup loop, keys and rate limits of its own.
/// </summary>
internal static class StandaloneHost
{
    private const string DefaultUrl = "http://127.0.0.1:7071";

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(6);

    /// <summary>How long the messages of a process that ended stay hidden.</summary>
    public static TimeSpan VisibilityTimeout => new QueueSettings().Lease;

    /// <summary>Reads settings files from the application's folder, not from the working directory.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var options = new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory };
        var builder = WebApplication.CreateSlimBuilder(options);

        builder.AddConsoleOutput();
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = ShutdownTimeout;

            // Messages are handed back at once, and not when the web server has waited for open requests.
            host.ServicesStopConcurrently = true;
        });
        if (!ListenAddresses.AreSet(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        CloneNames.AddTo(builder);
        AddListeners(builder);
        AddAccess(builder);
        builder.AddStandaloneTelemetry();

        return builder;
    }

    /// <summary>Starts Azurite in the Development environment if no other storage is set. It ends with the application.</summary>
    public static async Task<DevelopmentStorage?> StartAzuriteIfNeededAsync(WebApplicationBuilder builder)
    {
        var isNeeded = builder.Environment.IsDevelopment()
            && StorageSettings.ConnectionString(builder.Configuration, builder.Environment) == StorageSettings.Development;

        return isNeeded ? await DevelopmentStorage.StartAsync(Console.WriteLine, CancellationToken.None) : null;
    }

    /// <exception cref="StartupException">A key is required but none is set.</exception>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var hasApi = RoleOf(builder.Configuration) is not Role.Worker;
        if (hasApi)
        {
            ListenAddresses.RequireKeys(builder.Configuration, builder.Environment);
        }

        var app = builder.Build();
        app.UseForwardedHeaders();
        HttpPipeline.Use(app, UseAccess, hasApi, MetricsEndpoint.MapMetrics);

        return app;
    }

    private static Role RoleOf(IConfiguration configuration) => configuration.GetValue("ImageResize:Role", Role.All);

    private static void AddListeners(WebApplicationBuilder builder)
    {
        var role = RoleOf(builder.Configuration);
        if (role is not Role.Api)
        {
            builder.Services.AddQueueListeners();
            builder.Services.AddHostedService<WatchLoop>();
            builder.Services.AddHostedService<EventLoop>();
        }

        if (role is not Role.Worker)
        {
            builder.Services.AddHostedService<CleanupLoop>();
            builder.Services.AddHostedService<BrowserUploadAccess>();
            builder.Services.AddHostedService(services => services.GetRequiredService<TokenIssuer>());
        }
    }

    private static void AddAccess(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>(
            (kestrel, limits) => ConnectionLimits.Configure(kestrel, limits.Value));
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>(
            (forwarded, proxy) => proxy.Value.Configure(forwarded));
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<UsedTokens>();
        services.AddSingleton<TokenReader>();
        services.AddSingleton<PrincipalReader>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<AccessOptions>>(
            (cors, access) => CorsConfiguration.Configure(cors, access.Value));
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>(
            (limiter, limits) => CallerRateLimits.Configure(limiter, limits.Value));
    }

    private static void UseAccess(IApplicationBuilder app)
    {
        app.UseMiddleware<RefusedOrigins>();

        // Before the keys: a browser sends its preflight request without one.
        app.UseCors();
        app.UseMiddleware<KeyMiddleware>();
        app.UseRateLimiter();
    }
}
