using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Direct;
using ImageResize.Core.Jobs.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers how a single job is carried out.</summary>
public static class JobsServiceCollectionExtensions
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<PresetOptions>().BindConfiguration("ImageResize:Presets").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ActionReader>();
        services.AddSingleton<JobRunner>();
        services.AddOptions<DirectOptions>().BindConfiguration("ImageResize:Direct").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DirectLine>();
        services.AddSingleton<DirectWork>();

        return services;
    }
}
