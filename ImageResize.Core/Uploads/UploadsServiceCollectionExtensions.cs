using ImageResize.Core.Messages;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Uploads;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers uploads.</summary>
public static class UploadsServiceCollectionExtensions
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddSettings<UploadOptions>("ImageResize:Uploads");
        services.AddSingleton<UploadReader>();
        services.AddSingleton<UploadList>();
        services.AddSingleton<Uploader>();
        services.AddSingleton<UploadAddresses>();
        services.AddSingleton<IPendingUploads, UploadAcceptance>();
        services.AddSingleton<UploadRemoval>();
        services.AddSingleton<IMessageHandler<RemoveUploadMessage>>(provider => provider.GetRequiredService<UploadRemoval>());

        return services;
    }
}
