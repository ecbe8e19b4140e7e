using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Messages;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Statistics;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Blobs;
using ImageResize.Core.Storage.Health;
using ImageResize.Core.Storage.Queues;
using ImageResize.Core.Storage.Tables;
using ImageResize.Core.Validation;
using ImageResize.Core.Watches.Events;
using ImageResize.Core.Watches.Seen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Core;

/// <summary>Registers the stores and queues in a storage account.</summary>
public static class StorageServiceCollectionExtensions
{
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageAccount account)
    {
        services.AddSettings<StorageOptions>("ImageResize:Storage");
        services.AddSingleton(account.OpenTables());
        services.AddSingleton(account.OpenQueues());
        services.AddSingleton(account.OpenBlobs());
        services.AddSingleton(PriorityQueues.Open);
        services.AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<PriorityQueues>());
        services.AddSingleton<IBacklog>(provider => provider.GetRequiredService<PriorityQueues>());
        services.AddSingleton<IJobStore, TableJobStore>();
        services.AddSingleton<IDailyStore>(provider => provider.GetRequiredService<IJobStore>());
        services.AddSingleton<ICallbackStore, TableCallbackStore>();
        services.AddSingleton<IIdempotencyStore, TableIdempotencyStore>();
        services.AddSingleton<IStatisticsStore, TableStatisticsStore>();
        services.AddSingleton<IWatchStore, TableWatchStore>();
        services.AddSingleton(OpenEvents);
        services.AddSingleton<IBlobStore, AccountBlobs>();
        services.AddSingleton<IThumbnailStore, BlobThumbnails>();
        services.AddSingleton<IUploadStore, BlobUploads>();
        services.AddSingleton<IDailyStore>(provider => provider.GetRequiredService<IUploadStore>());
        services.AddSingleton<IPendingUploadStore, BlobPendingUploads>();
        services.AddSingleton<BrowserUploads>();
        services.AddSingleton<IDailyStore>(provider => provider.GetRequiredService<IPendingUploadStore>());
        services.AddSingleton<IManifestStore, BlobManifests>();
        services.AddSingleton<IDailyStore>(provider => provider.GetRequiredService<IManifestStore>());
        services.AddSingleton<StorageOutage>();
        services.AddSingleton<IOutageMonitor>(provider => provider.GetRequiredService<StorageOutage>());

        return services;
    }

    private static EventQueue OpenEvents(IServiceProvider services) => new(
        new StorageQueue(
            services.GetRequiredService<QueueServiceClient>(),
            services.GetRequiredService<IOptions<StorageOptions>>().Value.EventQueue,
            new ArrivalSignal()),
        services.GetRequiredService<BlobServiceClient>().Uri);
}
