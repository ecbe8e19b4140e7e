using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Direct;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the processing of a single job.</summary>
public static class JobsServiceCollectionExtensions
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSettings<PresetOptions>("ImageResize:Presets");
        services.AddSingleton<ActionReader>();
        services.AddSingleton<JobRunner>();
        services.AddSettings<DirectOptions>("ImageResize:Direct");
        services.AddSingleton<DirectRequestLimit>();
        services.AddSingleton<DirectWork>();

        return services;
    }
}
