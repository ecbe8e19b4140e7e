using ImageResize.Core.Quotas;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers what one caller may use.</summary>
public static class QuotasServiceCollectionExtensions
{
    public static IServiceCollection AddQuotas(this IServiceCollection services)
    {
        services.AddOptions<QuotaOptions>().BindConfiguration("ImageResize:Limits").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OpenWork>();
        services.AddSingleton<DailyBytes>();

        return services;
    }
}
