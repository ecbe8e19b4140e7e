using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Core.Storage.Health;
using ImageResize.Core.Storage.Queues;
using ImageResize.Functions.Functions;

namespace ImageResize.Functions.Standalone.Queues;

/// <summary>Registers a listener for each queue that has a queue function.</summary>
internal static class QueueListeners
{
    /// <summary>Poison messages are rare, so their queues are polled rarely.</summary>
    private static readonly TimeSpan PoisonPollingInterval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Messages of the interactive queue that this process has received at once. Those above a caller's slots wait, so that the messages
    /// behind them, of other callers, are received. A waiting message costs a request every 20 seconds.
    /// </summary>
    private const int MaxInteractive = 64;

    /// <summary>More than under the Functions host, because messages that can't be processed yet are put back.</summary>
    private const int InteractiveBatchSize = 16;

    /// <summary>As above, of the bulk queue. Fewer, because other instances should find slices too.</summary>
    private const int MaxBulk = 32;

    public static void AddQueueListeners(this IServiceCollection services)
    {
        services.AddSingleton(QueueSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json")));
        services.AddSingleton<IHostedService>(
            provider => Listen(provider, provider.GetRequiredService<PriorityQueues>().Interactive, MessagePriority.Interactive));
        services.AddSingleton<IHostedService>(
            provider => Listen(provider, provider.GetRequiredService<PriorityQueues>().Bulk, MessagePriority.Bulk));
        services.AddSingleton<IHostedService>(
            provider => ListenToPoison(provider, provider.GetRequiredService<PriorityQueues>().Interactive));
        services.AddSingleton<IHostedService>(provider => ListenToPoison(provider, provider.GetRequiredService<PriorityQueues>().Bulk));
    }

    private static QueueListener Listen(IServiceProvider services, StorageQueue queue, MessagePriority priority)
    {
        var settings = services.GetRequiredService<QueueSettings>();
        var (maxMessages, batchSize) = priority == MessagePriority.Interactive
            ? (MaxInteractive, Math.Max(settings.BatchSize, InteractiveBatchSize))
            : (MaxBulk, settings.BatchSize);
        var dispatcher = services.GetRequiredService<MessageDispatcher>();
        var longWaits = services.GetRequiredService<LongWaits>();

        return new QueueListener(
            new OutageAwareQueue(queue, services.GetRequiredService<StorageOutage>()),
            settings with
            {
                BatchSize = batchSize,
                NewBatchThreshold = Math.Max(settings.NewBatchThreshold, maxMessages - batchSize),
            },
            (delivery, cancellationToken) =>
                dispatcher.ProcessAsync(delivery.Text, delivery.DequeueCount, delivery.QueuedAt, cancellationToken),
            queue.Arrivals,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<QueueListener>>())
        {
            CountWaiting = () => longWaits.Count(priority),
        };
    }

    /// <summary>
    /// A poison queue has no poison queue of its own, so its messages are retried until they succeed, as under the Functions host.
    /// </summary>
    private static QueueListener ListenToPoison(IServiceProvider services, StorageQueue queue)
    {
        var poison = services.GetRequiredService<PoisonMessageHandler>();

        return new QueueListener(
            new OutageAwareQueue(queue.OpenPoison(), services.GetRequiredService<StorageOutage>()),
            services.GetRequiredService<QueueSettings>() with
            {
                MaxPollingInterval = PoisonPollingInterval,
                MaxDequeueCount = int.MaxValue,
            },
            (delivery, cancellationToken) => poison.GiveUpAsync(delivery.Text, cancellationToken),
            new ArrivalSignal(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<QueueListener>>());
    }
}
