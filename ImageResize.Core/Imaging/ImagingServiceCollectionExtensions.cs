using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging;

/// <summary>Registers image processing.</summary>
public static class ImagingServiceCollectionExtensions
{
    /// <param name="child">Starts this program as a child process that decodes images.</param>
    /// <param name="endProcess">Gets the action that ends this process when a decoder hangs.</param>
    /// <param name="crashMarkerPath">A file that belongs to this instance of the program; null if its host does not count crashes.</param>
    public static IServiceCollection AddImaging(
        this IServiceCollection services,
        ChildCommand child,
        Func<IServiceProvider, Action> endProcess,
        string? crashMarkerPath = null)
    {
        services.AddSettings<ImagingOptions>("ImageResize:Imaging");
        services.AddSingleton<ImageScheduler>();
        services.AddSingleton<IThumbnailer, Thumbnailer>();
        services.AddSingleton(child);
        services.AddSingleton<IsolatedThumbnailer>();
        services.AddHostedService<ChildWarmUp>();
        services.AddSingleton<GuardedThumbnailer>();
        services.AddSingleton(provider => new Watchdog(
            provider.GetRequiredService<IOptions<ImagingOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            endProcess(provider),
            static () => Environment.CpuUsage.TotalTime,
            IsInProcess(provider) ? provider.GetService<CrashMarker>() : null));
        if (crashMarkerPath is not null)
        {
            services.AddSingleton(provider => new CrashMarker(
                crashMarkerPath,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<CrashMarker>>()));
        }

        return services;
    }

    /// <summary>Otherwise an image ends a child process and not this one.</summary>
    private static bool IsInProcess(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<ImagingOptions>>().Value.Isolation == DecoderIsolation.InProcess;
}
