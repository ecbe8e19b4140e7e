using ImageResize.Core.Idempotency;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Blobs;
using ImageResize.Core.Storage.Health;
using ImageResize.Core.Storage.Outages;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Functions;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Http;
using ImageResize.Functions.Http.Middleware;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions;

/// <summary>Registers what both hosts share.</summary>
internal static class ApplicationServices
{
    /// <param name="visibilityTimeout">How long a message stays hidden when the process that works on it ends.</param>
    /// <param name="crashMarkerPath">
    /// A file by which the process detects that the previous one crashed; null if crashes need no handling.
    /// </param>
    public static void AddApplication(this IHostApplicationBuilder builder, TimeSpan visibilityTimeout, string? crashMarkerPath)
    {
        var services = builder.Services;
        services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlockMemoryPool>();
        services.AddSingleton(TimeProvider.System);
        AddSettings(services, visibilityTimeout);
        services.AddSingleton<HungProcessTerminator>();
        services.AddImaging(
            ChildCommand.For(typeof(Program).Assembly.Location, DecodeChild.Argument),
            provider => provider.GetRequiredService<HungProcessTerminator>().Terminate,
            crashMarkerPath);
        AddSources(services);
        AddStorage(services, StorageSettings.Open(builder.Configuration, builder.Environment));
        AddJobs(services);
        services.AddHttp();

        // ASP.NET Core's information messages contain query strings.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // Readiness logs a failing part once; ASP.NET Core would log it at every check.
        services.AddHealthChecks().AddStorage();
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    private static void AddSettings(IServiceCollection services, TimeSpan visibilityTimeout)
    {
        services.AddOptions<StorageOptions>().BindConfiguration("ImageResize:Storage").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SourcesOptions>().BindConfiguration("ImageResize:Sources").ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure(sources => sources.ImagesRoot = ImagesFolder.Find(sources.ImagesRoot));
        services.AddOptions<WebSourceOptions>().BindConfiguration("ImageResize:Web").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BlobOptions>().BindConfiguration("ImageResize:Blobs").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<UploadOptions>().BindConfiguration("ImageResize:Uploads").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<JobsOptions>().BindConfiguration("ImageResize:Jobs").ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure(jobs => jobs.Lease = visibilityTimeout);
        services.AddOptions<RegionOptions>().BindConfiguration("ImageResize:Regions").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CallbackOptions>().BindConfiguration("ImageResize:Callbacks").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PresetOptions>().BindConfiguration("ImageResize:Presets").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ThumbnailOptions>().BindConfiguration("ImageResize:Thumbnails").ValidateDataAnnotations().ValidateOnStart();
    }

    private static void AddSources(IServiceCollection services)
    {
        services.AddSingleton<ISource, FolderSource>();
        services.TryAddSingleton<IAddressPolicy, AddressPolicy>();
        services.TryAddSingleton<IResolver, DnsResolver>();
        services.AddSingleton<ISource, WebSource>();
        services.AddSingleton<ISource, BlobSource>();
        services.AddSingleton<ISource, UploadSource>();
        services.AddSingleton<SourceReader>();
        services.AddSingleton<UploadReader>();
        services.AddSingleton<Uploader>();
    }

    private static void AddStorage(IServiceCollection services, StorageAccount account)
    {
        services.AddSingleton(account.OpenTables());
        services.AddSingleton(account.OpenQueues());
        services.AddSingleton(account.OpenBlobs());
        services.AddSingleton(LanedQueue.Open);
        services.AddSingleton<IJobQueue>(provider => provider.GetRequiredService<LanedQueue>());
        services.AddSingleton<IJobStore, TableJobStore>();
        services.AddSingleton<IDailyStore>(provider => provider.GetRequiredService<IJobStore>());
        services.AddSingleton<TrustedContainers>();
        services.AddSingleton<IThumbnailStore, FolderThumbnails>();
        services.AddSingleton<IThumbnailStore, BlobThumbnails>();
        services.AddSingleton<IUploadStore, BlobUploads>();
        services.AddSingleton<IDailyStore>(provider => provider.GetRequiredService<IUploadStore>());
        services.AddSingleton<IManifestStore, BlobManifests>();
        services.AddSingleton<IDailyStore>(provider => provider.GetRequiredService<IManifestStore>());
        services.AddSingleton<IKeyStore, TableKeyStore>();
        services.AddSingleton<UnfinishedSweep>();
        services.AddSingleton<StorageOutage>();
    }

    private static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton<IdMaker>();
        services.AddSingleton<JobSubmitter>();
        services.AddSingleton<IdleSlices>();
        services.AddSingleton<JobReader>();
        services.AddSingleton<ThumbnailPlaces>();
        services.AddSingleton<JobProcessor>();
        services.AddSingleton<SliceProcessor>();
        services.AddSingleton<SliceCanceler>();
        services.AddSingleton<ActionReader>();
        services.AddSingleton<ItemReader>();
        services.AddSingleton<BatchSubmitter>();
        services.AddSingleton<FailedJobs>();
        services.AddSingleton<BatchRetrier>();
        services.AddSingleton<BatchReader>();
        services.AddSingleton<BatchCanceler>();
        services.AddSingleton<JobLister>();
        services.AddSingleton<BatchLister>();
        services.AddSingleton<BatchWatch>();
        services.AddSingleton<CallbackRules>();
        services.AddSingleton<CallbackSender>();
        services.AddSingleton<CallbackDeliverer>();
        services.AddSingleton<Retention>();
        services.AddSingleton<WorkProcessor>();
        services.AddSingleton<MessageHandler>();
        services.AddSingleton<HourlyCleanup>();
    }
}
