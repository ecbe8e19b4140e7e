using System.Globalization;
using System.Net;
using ImageResize.Core.Idempotency;
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
using ImageResize.Functions.Access;
using ImageResize.Functions.Development;
using ImageResize.Functions.Http;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.OldProgram;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Http.Uploads;
using ImageResize.Functions.Queue;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions;

/// <summary>The services that both hosts share.</summary>
internal static class ApplicationServices
{
    /// <param name="lease">How long a message stays hidden when the process that works on it dies.</param>
    public static void Add(IHostApplicationBuilder builder, TimeSpan lease, bool isWorker = true)
    {
        var services = builder.Services;
        services.AddSingleton<IMemoryPoolFactory<byte>, RequestBlocks>();
        services.AddSingleton(TimeProvider.System);
        AddSettings(services, lease);
        AddImaging(services, isWorker);
        AddSources(services);
        AddStorage(services, StorageSettings.Open(builder.Configuration, builder.Environment));
        AddJobs(services);
        AddHttp(services);

        // Readiness logs a failing part once; the platform would at every check.
        services.AddHealthChecks().AddStorage();
        services.AddSingleton<Readiness>();
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    /// <summary>Each room's own.</summary>
    private static void AddSettings(IServiceCollection services, TimeSpan lease)
    {
        services.AddOptions<ImagingOptions>().BindConfiguration("ImageResize:Imaging").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<StorageOptions>().BindConfiguration("ImageResize:Storage").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SourcesOptions>().BindConfiguration("ImageResize:Sources").ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure(sources => sources.ImagesRoot = ImagesFolder.Find(sources.ImagesRoot));
        services.AddOptions<WebSourceOptions>().BindConfiguration("ImageResize:Web").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BlobOptions>().BindConfiguration("ImageResize:Blobs").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<UploadOptions>().BindConfiguration("ImageResize:Uploads").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<JobsOptions>().BindConfiguration("ImageResize:Jobs").ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure(jobs => jobs.Lease = lease);
        services.AddOptions<RegionOptions>().BindConfiguration("ImageResize:Regions").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CallbackOptions>().BindConfiguration("ImageResize:Callbacks").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AccessOptions>().BindConfiguration("ImageResize").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LimitOptions>().BindConfiguration("ImageResize:Limits").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PresetOptions>().BindConfiguration("ImageResize:Presets").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ThumbnailOptions>().BindConfiguration("ImageResize:Thumbnails").ValidateDataAnnotations().ValidateOnStart();
    }

    private static void AddImaging(IServiceCollection services, bool isWorker)
    {
        services.AddSingleton<ImageGate>();
        services.AddSingleton<IThumbnailer, Thumbnailer>();
        services.AddSingleton(ChildCommand.Of(typeof(Program).Assembly.Location, DecodeChild.Argument));
        services.AddSingleton<IsolatedThumbnailer>();
        services.AddSingleton<HangExit>();
        services.AddSingleton(provider => new Watchdog(
            provider.GetRequiredService<IOptions<ImagingOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<HangExit>().End,
            static () => Environment.CpuUsage.TotalTime,
            provider.GetService<DeathNote>()));
        if (isWorker)
        {
            // The host restarts a dead worker in the same folder, and gives up after repeated deaths.
            services.AddSingleton(provider => new DeathNote(
                Path.Combine(Path.GetTempPath(), $"ImageResize-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(AppContext.BaseDirectory)))[..16]}.note"),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<DeathNote>>()));
        }

        services.AddSingleton<GuardedThumbnailer>();
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
        services.AddSingleton<PatientProcessor>();
        services.AddSingleton<HourlyWork>();
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.AddSingleton<MetricTotals>();
        services.AddSingleton<FirstAnswers>();
        services.AddSingleton<BatchRequestReader>();
        services.AddValidation();
        services.ConfigureHttpJsonOptions(ApiJson.Configure);
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemCode.Add);
        services.AddExceptionHandler<FailureHandler>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(6));
    }
}
