using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Processing;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Messages;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the services that submit, list, process, watch and cancel batches.</summary>
public static class BatchesServiceCollectionExtensions
{
    /// <param name="lease">How long a message stays invisible after its worker has crashed; the host decides it.</param>
    public static IServiceCollection AddBatches(this IServiceCollection services, TimeSpan lease)
    {
        services.AddSettings<BatchOptions>("ImageResize:Jobs")
            .PostConfigure(batches => batches.Lease = lease);

        services.AddSingleton<BatchSubmitter>();
        services.AddSingleton<BatchImport>();
        services.AddSingleton<BatchRetry>();
        services.AddSingleton<Admission>();
        services.AddSingleton<ItemParser>();
        services.AddSingleton<FailedJobs>();
        services.AddSingleton<ListingEnumerator>();

        services.AddSingleton<BatchQueries>();
        services.AddSingleton<BatchList>();
        services.AddSingleton<BatchCancellation>();
        services.AddSingleton<BatchPurge>();
        services.AddSingleton<IdleSlices>();
        services.AddSingleton<SliceResults>();

        services.AddSingleton<SliceRun>();
        services.AddSingleton<BatchCompletion>();
        services.AddSingleton<IMessageHandler<SliceMessage>, SliceHandler>();
        services.AddSingleton<IMessageHandler<ListMessage>, ListHandler>();
        services.AddSingleton<IMessageHandler<WatchMessage>, WatchHandler>();
        services.AddSingleton<IMessageHandler<PurgeMessage>, PurgeHandler>();

        return services;
    }
}
