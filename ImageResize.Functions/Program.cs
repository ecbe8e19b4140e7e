using System.Globalization;
using System.Net;
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

/// <summary>
/// All wiring. The program runs in one of two ways: standalone with its own queue listener, or as the custom handler of an Azure
/// Functions host, which then listens to the queue for us.
/// </summary>
internal static class Program
{
    /// <summary>Set by the Functions host: the port on which it expects its handler.</summary>
    private const string HandlerPort = "FUNCTIONS_CUSTOMHANDLER_PORT";

    private const string DefaultUrl = "http://127.0.0.1:7071";

    /// <summary>How long the Functions host keeps a dead handler's messages hidden; fixed in its code.</summary>
    private static readonly TimeSpan FunctionsLease = TimeSpan.FromMinutes(10);

    private static Task<int> Main(string[] args) =>
        args is [DecodeChild.Argument] ? DecodeChild.RunAsync(options => new Thumbnailer(Options.Create(options))) : RunAsync(args, _ => { });

    /// <param name="change">Exchanges parts of the program for others, for tests.</param>
    internal static async Task<int> RunAsync(string[] args, Action<IServiceCollection> change)
    {
        try
        {
            var builder = CreateBuilder(args);
            builder.Host.ConfigureContainer<IServiceCollection>((_, services) => change(services));
            await using var azurite = await StartAzuriteIfWantedAsync(builder);
            await using var app = Build(builder);
            await app.StartAsync();
            Greeting.Print(app);
            await app.WaitForShutdownAsync();

            return Environment.ExitCode;
        }
        catch (Exception failure) when (StartupFailure.Explain(failure) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);

            return 1;
        }
    }

    /// <summary>Files are found beside the program: under a Functions host the working directory and the content root are the host's.</summary>
    internal static WebApplicationBuilder CreateBuilder(string[] args) =>
        WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    internal static WebApplication Build(WebApplicationBuilder builder)
    {
        var handlerPort = builder.Configuration.GetValue<int?>(HandlerPort);
        var role = handlerPort is null ? builder.Configuration.GetValue("ImageResize:Role", Role.All) : Role.Api;
        var services = builder.Services;

        // One line per event of ours; the platform's own chatter would also write query strings.
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
        Listen(builder, handlerPort);
        services.AddSingleton<IMemoryPoolFactory<byte>, RequestBlocks>();

        services.AddSingleton(TimeProvider.System);
        AddSettings(services, lease: handlerPort is null ? new QueueSettings().Lease : FunctionsLease);
        AddImaging(services, handlerPort);
        AddSources(services);
        AddStorage(services, StorageSettings.Open(builder.Configuration, builder.Environment));
        AddJobs(services);
        AddHttp(services);

        // Readiness says once what fails; the platform would at every look.
        services.AddHealthChecks().AddStorage();
        services.AddSingleton<Readiness>();
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // Under a Functions host it drives the work, by messages and timer ticks of its own, and knows who may call.
        if (handlerPort is null)
        {
            AddListeners(services, role);
            AddAccess(builder, role);
        }

        var app = builder.Build();
        _ = app.Services.GetRequiredService<MetricTotals>(); // counts from here on
        UseMiddleware(app, isStandalone: handlerPort is null);
        MapEndpoints(app, role);
        if (handlerPort is not null)
        {
            app.MapHost();
        }

        return app;
    }

    /// <summary>Each room's own.</summary>
    private static void AddSettings(IServiceCollection services, TimeSpan lease)
    {
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

    private static void AddImaging(IServiceCollection services, int? handlerPort)
    {
        services.AddSingleton<HangExit>();
        services.AddImaging(
            ChildCommand.Of(typeof(Program).Assembly.Location, DecodeChild.Argument),
            provider => provider.GetRequiredService<HangExit>().End,

            // The Functions host restarts its handler at the same port. A standalone program is restarted as often as it ends.
            crashMarkerPath: handlerPort is { } port ? Path.Combine(Path.GetTempPath(), $"ImageResize-{port}.note") : null);
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

    /// <summary>What drives the work standalone.</summary>
    private static void AddListeners(IServiceCollection services, Role role)
    {
        if (role is not Role.Api)
        {
            services.AddSingleton(QueueSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json")));
            services.AddSingleton<IHostedService>(provider => QueueListener.Of(provider.GetRequiredService<LanedQueue>().Small, provider));
            services.AddSingleton<IHostedService>(provider => QueueListener.Of(provider.GetRequiredService<LanedQueue>().Bulk, provider));
            services.AddSingleton<IHostedService>(provider => QueueListener.OfPoison(provider.GetRequiredService<LanedQueue>().Small, provider));
            services.AddSingleton<IHostedService>(provider => QueueListener.OfPoison(provider.GetRequiredService<LanedQueue>().Bulk, provider));
        }

        if (role is not Role.Worker)
        {
            services.AddHostedService<RetentionLoop>();
        }
    }

    /// <summary>Who may call standalone, and how much.</summary>
    private static void AddAccess(WebApplicationBuilder builder, Role role)
    {
        if (role is not Role.Worker)
        {
            Listeners.CheckKeys(builder.Configuration, builder.Environment);
        }

        var services = builder.Services;
        services.AddSingleton<KeyRing>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>((kestrel, limits) => ConnectionLimits.Configure(kestrel, limits.Value));
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<AccessOptions>>((cors, access) => CrossOrigin.Configure(cors, access.Value));
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((limiter, limits) => CallerLimits.Configure(limiter, limits.Value));
    }

    private static void UseMiddleware(WebApplication app, bool isStandalone)
    {
        var limits = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value;
        app.Use(AnswerHeaders.AddAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = failure => FailureHandler.IsKnown(failure.Exception) });
        app.Use(async (context, next) =>
        {
            // Whoever would like images or HTML gets problem+json as well when there is an error.
            context.Request.Headers.Accept = default;
            CallerWait.Begin();
            await next(context);
        });
        if (isStandalone)
        {
            // Before the keys: a browser asks without one.
            app.UseCors();
            app.UseMiddleware<KeyMiddleware>();
            app.UseRateLimiter();
        }

        app.Use((context, next) => SteadyBody.KeepAsync(context, next, TimeSpan.FromSeconds(limits.AnswerSeconds)));
        app.Use(KeyParameter.RemoveAsync);
        app.Use(JsonCharset.CheckAsync);
        app.UseMiddleware<RegionMiddleware>();
        app.UseMiddleware<IdempotencyMiddleware>();
        app.UseStatusCodePages();
    }

    private static void MapEndpoints(WebApplication app, Role role)
    {
        app.MapRoot();
        app.MapHealth();
        app.MapMetrics();
        if (role is Role.Worker)
        {
            return;
        }

        app.MapImageApi();
        app.MapResult();
        app.MapJobs();
        app.MapBatchSubmit();
        app.MapBatches();
        app.MapBatchEvents();
        app.MapBatchZip();
        app.MapUploads();
    }

    /// <summary>On a developer's machine, when nothing else is set: storage that comes and goes with the program.</summary>
    private static async Task<DevelopmentStorage?> StartAzuriteIfWantedAsync(WebApplicationBuilder builder)
    {
        var isWanted = builder.Environment.IsDevelopment()
            && builder.Configuration[HandlerPort] is null
            && StorageSettings.ConnectionString(builder.Configuration, builder.Environment) == StorageSettings.Development;

        return isWanted ? await DevelopmentStorage.StartAsync(Console.WriteLine, CancellationToken.None) : null;
    }

    /// <summary>Under the host exactly where it says, whatever the environment; else where the user says, or at our default.</summary>
    private static void Listen(WebApplicationBuilder builder, int? handlerPort)
    {
        if (handlerPort is { } port)
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
            return;
        }

        if (!Listeners.AreSet(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
    }
}
