using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Health;

/// <summary>What must work before work can be done: the queue, the table, the folder for thumbnails, and blobs where settings name some.</summary>
public static class StorageHealth
{
    /// <summary>Whoever probes us waits a few seconds himself.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static IHealthChecksBuilder AddStorage(this IHealthChecksBuilder checks)
    {
        checks.Services.AddSingleton<FolderCheck>();

        return checks
            .Add(Registration("queue", services => Check(services, QueueOf(services).ExistsAsync)))
            .Add(Registration("table", services => Check(
                services,
                token => TableOf(services).GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: token))))
            .Add(Registration("blob", services => Check(services, token => LookForContainerAsync(services, token))))
            .Add(Registration("folder", services => services.GetRequiredService<FolderCheck>()));
    }

    private static QueueClient QueueOf(IServiceProvider services) =>
        services.GetRequiredService<QueueServiceClient>().GetQueueClient(Options<StorageOptions>(services).WorkQueue);

    private static TableClient TableOf(IServiceProvider services) =>
        services.GetRequiredService<TableServiceClient>().GetTableClient(Options<StorageOptions>(services).TablePrefix + "idempotency");

    private static async Task LookForContainerAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        string[] containers = [Options<ThumbnailOptions>(services).OutputContainer, .. Options<BlobOptions>(services).Containers];
        if (containers.FirstOrDefault(container => container.Length > 0) is { } used)
        {
            await services.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(used).ExistsAsync(cancellationToken);
        }
    }

    private static HealthCheckRegistration Registration(string name, Func<IServiceProvider, IHealthCheck> check) =>
        new(name, check, failureStatus: null, tags: null, Limit);

    private static StorageCheck Check(IServiceProvider services, Func<CancellationToken, Task> ask) =>
        new(ask, services.GetRequiredService<TimeProvider>());

    private static T Options<T>(IServiceProvider services)
        where T : class => services.GetRequiredService<IOptions<T>>().Value;
}
