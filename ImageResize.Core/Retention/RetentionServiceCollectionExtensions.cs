using ImageResize.Core.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers how long results are kept.</summary>
public static class RetentionServiceCollectionExtensions
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration("ImageResize:Jobs").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RetentionPolicy>();
        services.AddSingleton<ExpiredDataCleanup>();

        return services;
    }
}
