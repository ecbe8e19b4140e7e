using ImageResize.Core.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers uploads.</summary>
public static class UploadsServiceCollectionExtensions
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddOptions<UploadOptions>().BindConfiguration("ImageResize:Uploads").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadReader>();
        services.AddSingleton<Uploader>();

        return services;
    }
}
