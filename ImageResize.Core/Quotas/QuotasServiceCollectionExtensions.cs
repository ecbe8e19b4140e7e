using ImageResize.Core.Quotas;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the quotas of callers.</summary>
public static class QuotasServiceCollectionExtensions
{
    public static IServiceCollection AddQuotas(this IServiceCollection services)
    {
        services.AddSettings<QuotaOptions>("ImageResize:Limits");
        services.AddSingleton<OpenWork>();
        services.AddSingleton<DailyBytes>();

        return services;
    }
}
