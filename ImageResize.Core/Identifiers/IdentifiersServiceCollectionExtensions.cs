using ImageResize.Core.Identifiers;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the creation of ids.</summary>
public static class IdentifiersServiceCollectionExtensions
{
    public static IServiceCollection AddIdentifiers(this IServiceCollection services)
    {
        services.AddSettings<RegionOptions>("ImageResize:Regions");
        services.AddSingleton<IdGenerator>();

        return services;
    }
}
