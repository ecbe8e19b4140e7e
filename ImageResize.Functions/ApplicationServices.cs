using ImageResize.Core;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Storage.Health;
using ImageResize.Core.Validation;
using ImageResize.Functions.Functions;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Http;
using ImageResize.Functions.Http.Middleware;
using ImageResize.Functions.Standalone;
using ImageResize.Functions.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace ImageResize.Functions;

/// <summary>Registers the services that both hosts share.</summary>
internal static class ApplicationServices
{
    /// <param name="visibilityTimeout">How long a message stays hidden when the process that works on it ends.</param>
    /// <param name="crashMarkerPath">
    /// A file by which the process detects that the previous one crashed; null if crashes need no handling.
    /// </param>
    public static void AddApplication(this IHostApplicationBuilder builder, TimeSpan visibilityTimeout, string? crashMarkerPath)
    {
        RefuseLoopbackCallbacks(builder);
        RefuseUnverifiedPrincipals(builder.Configuration);
        var services = builder.Services;
        services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlockMemoryPool>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<HungProcessTerminator>();
        services.AddImaging(
            ChildCommand.For(typeof(Program).Assembly.Location, DecodeChild.Argument),
            provider => provider.GetRequiredService<HungProcessTerminator>().Terminate,
            crashMarkerPath);
        services.AddIdentifiers().AddSources(ImagesFolder.Find).AddUploads();
        services.AddStorage(StorageSettings.Open(builder.Configuration, builder.Environment));
        services.AddJobs().AddBatches(visibilityTimeout).AddMessages().AddCallbacks().AddIdempotency().AddRetention().AddQuotas();
        services.AddAddresses().AddWatches().AddStatistics();
        services.AddSingleton<HourlyCleanup>();
        services.AddHttp();
        services.AddSettings<RoleOptions>("ImageResize");
        builder.AddLogFiles();
        SettingsCheck.Run(builder);

        // ASP.NET Core's information messages contain query strings.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // Readiness logs a failing part once; ASP.NET Core would log it at every check.
        services.AddHealthChecks().AddStorage();
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    /// <summary>Without the platform's authentication, anybody could send the header that it sets.</summary>
    private static void RefuseUnverifiedPrincipals(IConfiguration configuration)
    {
        // Set by Azure Functions and App Service, and by Container Apps, which has no variable that says whether authentication is on.
        var isVerified = configuration["WEBSITE_AUTH_ENABLED"] is { } isOn && bool.TryParse(isOn, out var on) && on;
        if (bool.TryParse(configuration["ImageResize:Identity:EasyAuth"], out var isTrusted) && isTrusted
            && !isVerified && configuration["CONTAINER_APP_NAME"] is null or "")
        {
            throw new StartupException(
                "ImageResize__Identity__EasyAuth is True, but the platform's authentication is not on: WEBSITE_AUTH_ENABLED is not True, "
                + "and this is not a container app. Turn authentication on, or remove the setting.");
        }
    }

    /// <summary>A caller could reach everything that listens on the machine.</summary>
    private static void RefuseLoopbackCallbacks(IHostApplicationBuilder builder)
    {
        const string Key = "ImageResize:Callbacks:AllowLoopback";
        if (bool.TryParse(builder.Configuration[Key], out var isAllowed) && isAllowed && !builder.Environment.IsDevelopment())
        {
            throw new StartupException("ImageResize__Callbacks__AllowLoopback is allowed only in Development. Remove it.");
        }
    }
}
