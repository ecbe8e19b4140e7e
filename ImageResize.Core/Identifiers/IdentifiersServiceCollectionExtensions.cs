using ImageResize.Core.Identifiers;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the creation of ids.</summary>
public static class IdentifiersServiceCollectionExtensions
{
    public static IServiceCollection AddIdentifiers(this IServiceCollection services)
    {
        services.AddOptions<RegionOptions>().BindConfiguration("ImageResize:Regions").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IdMaker>();

        return services;
    }
}
