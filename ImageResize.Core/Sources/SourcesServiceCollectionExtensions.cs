using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageResize.Core;

/// <summary>Registers the sources. A new source is one more line in <see cref="AddSources"/>.</summary>
public static class SourcesServiceCollectionExtensions
{
    /// <param name="findImagesRoot">Turns the setting of the images folder, which may be empty, into a full path.</param>
    public static IServiceCollection AddSources(this IServiceCollection services, Func<string, string> findImagesRoot)
    {
        services.AddSettings<SourcesOptions>("ImageResize:Sources")
            .PostConfigure(sources => sources.ImagesRoot = findImagesRoot(sources.ImagesRoot));
        services.AddSettings<ThumbnailOptions>("ImageResize:Thumbnails");
        services.AddSingleton(provider =>
            new MemoryBudget(provider.GetRequiredService<IOptions<SourcesOptions>>().Value.MaxBytesInMemory));
        services.AddSingleton(NewImageFileFilter());
        services.AddSingleton<SourceReader>();
        services.AddSingleton<ThumbnailStores>();
        services.AddSingleton<ThumbnailCleanup>();

        return services.AddFolderSource().AddWebSource().AddBlobSource().AddUploadSource();
    }

    internal static ImageFileFilter NewImageFileFilter() =>
        new(ImageFormats.Extensions, ImageFormats.UnsupportedExtensions, ImageFormats.FindRefusal);

    private static IServiceCollection AddFolderSource(this IServiceCollection services)
    {
        services.AddSingleton<ISource, FolderSource>();
        services.AddSingleton<IThumbnailStore, FolderThumbnails>();
        services.AddSingleton<UnfinishedSweep>();

        return services;
    }

    private static IServiceCollection AddWebSource(this IServiceCollection services)
    {
        services.AddSettings<WebSourceOptions>("ImageResize:Web");
        services.TryAddSingleton<IAddressPolicy, AddressPolicy>();
        services.TryAddSingleton<IResolver, DnsResolver>();
        services.AddSingleton<ISource, WebSource>();

        return services;
    }

    private static IServiceCollection AddBlobSource(this IServiceCollection services)
    {
        services.AddSettings<BlobOptions>("ImageResize:Blobs");
        services.AddSingleton<AllowedContainers>();
        services.AddSingleton<ISource, BlobSource>();

        return services;
    }

    private static IServiceCollection AddUploadSource(this IServiceCollection services)
    {
        services.AddSingleton<UploadSource>();
        services.AddSingleton<ISource>(provider => provider.GetRequiredService<UploadSource>());

        return services;
    }
}
