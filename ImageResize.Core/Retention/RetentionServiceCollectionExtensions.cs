using ImageResize.Core.Retention;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the retention of results.</summary>
public static class RetentionServiceCollectionExtensions
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddSettings<RetentionOptions>("ImageResize:Jobs");
        services.AddSingleton<RetentionPolicy>();
        services.AddSingleton<ExpiredDataCleanup>();

        return services;
    }
}
