using ImageResize.Core.Addresses;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers addresses that are thumbnails.</summary>
public static class AddressesServiceCollectionExtensions
{
    public static IServiceCollection AddAddresses(this IServiceCollection services)
    {
        services.AddSettings<AddressOptions>("ImageResize:Addresses");
        services.AddSingleton<AddressSignatures>();
        services.AddSingleton<SourceVersions>();
        services.AddSingleton<VariantCache>();
        services.AddSingleton<VariantStore>();
        services.AddSingleton<VariantLeases>();
        services.AddSingleton<VariantWork>();
        services.AddSingleton<Variants>();
        services.AddSingleton<VariantCleanup>();
        services.AddSingleton<AddressReader>();

        return services;
    }
}
