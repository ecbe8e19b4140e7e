using ImageResize.Core.Statistics;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the history of all instances.</summary>
public static class StatisticsServiceCollectionExtensions
{
    public static IServiceCollection AddStatistics(this IServiceCollection services)
    {
        services.AddSingleton<ServiceGauges>();
        services.AddSingleton<StatisticsRecorder>();
        services.AddHostedService(provider => provider.GetRequiredService<StatisticsRecorder>());
        services.AddSingleton<StatisticsHistory>();

        return services;
    }
}
