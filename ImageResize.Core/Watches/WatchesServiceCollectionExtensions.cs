using ImageResize.Core.Validation;
using ImageResize.Core.Watches;
using ImageResize.Core.Watches.Events;
using ImageResize.Core.Watches.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Core;

/// <summary>Registers the watches of containers and folders.</summary>
public static class WatchesServiceCollectionExtensions
{
    public static IServiceCollection AddWatches(this IServiceCollection services)
    {
        services.AddSettings<WatchOptions>("ImageResize:Watches");
        services.AddSingleton<WatchReader>();
        services.AddSingleton<IValidateOptions<WatchOptions>, WatchRules>();
        services.AddSingleton<WatchList>();
        services.AddSingleton<WatchBatches>();
        services.AddSingleton<WatchClaims>();
        services.AddSingleton<WatchPass>();
        services.AddSingleton<WatchRun>();
        services.AddSingleton<WatchEvents>();
        services.AddSingleton<WatchTimer>();
        services.AddSingleton<WatchQueries>();

        return services;
    }
}
