using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Outages;

namespace ImageResize.Functions.Queue;

/// <summary>
/// Works a queue off when no Functions host does it for us, by the same rules: some messages at once, a renewed invisibility
/// while they are worked on, a wait after a failure, the poison queue after the last try.
/// </summary>
internal sealed partial class QueueListener(
    IDeliveryQueue queue,
    QueueSettings settings,
    Func<ReadOnlyMemory<byte>, long, CancellationToken, Task> process,
    ArrivalSignal arrivals,
    TimeProvider clock,
    ILogger<QueueListener> logger,
    bool isPoison = false) : BackgroundService
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Poison is rare: looking for it seldom keeps an idle program cheap.</summary>
    private static readonly TimeSpan PoisonPoll = TimeSpan.FromSeconds(30);

    private readonly HashSet<Task> _underWay = [];
    private bool _isStorageAway;

    public static QueueListener Of(StorageQueue queue, IServiceProvider services) => new(
        new CautiousQueue(queue, services.GetRequiredService<StorageOutage>()),
        services.GetRequiredService<QueueSettings>(),
        services.GetRequiredService<PatientProcessor>().ProcessAsync,
        queue.Arrivals,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<QueueListener>>());

    /// <summary>Behind the poison queue there is none: what cannot be given up is tried again until it can, as under the Functions host.</summary>
    public static QueueListener OfPoison(StorageQueue queue, IServiceProvider services)
    {
        var processor = services.GetRequiredService<PatientProcessor>();

        return new QueueListener(
            new CautiousQueue(queue.OpenPoison(), services.GetRequiredService<StorageOutage>()),
            services.GetRequiredService<QueueSettings>() with { MaxPollingInterval = PoisonPoll, MaxDequeueCount = int.MaxValue },
            (body, _, cancellationToken) => processor.GiveUpAsync(body, cancellationToken),
            new ArrivalSignal(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<QueueListener>>(),
            isPoison: true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = ShortestPoll;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_underWay.Count > settings.NewBatchThreshold)
                {
                    await Task.WhenAny(_underWay);
                }
                else if (await BeginAsync(stoppingToken))
                {
                    poll = ShortestPoll;
                }
                else
                {
                    poll = Min(poll * 2, settings.MaxPollingInterval);
                    await arrivals.WaitAsync(poll, stoppingToken);
                }

                _underWay.RemoveWhere(task => task.IsCompleted);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                HearOfStorage(fault);
                await Task.Delay(settings.MaxPollingInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // What is under way has been told to stop: it writes what it has finished and gives back the rest.
        await Task.WhenAll(_underWay);
    }

    /// <returns>Whether there was anything to begin with.</returns>
    private async Task<bool> BeginAsync(CancellationToken stoppingToken)
    {
        var deliveries = await queue.ReceiveAsync(settings.BatchSize, settings.Lease, stoppingToken);
        HearOfStorage();
        foreach (var delivery in deliveries)
        {
            _underWay.Add(Task.Run(() => HandleAsync(delivery, stoppingToken), CancellationToken.None));
        }

        return deliveries.Count > 0;
    }

    /// <summary>An outage is said once, and its end too.</summary>
    private void HearOfStorage(Exception? fault = null)
    {
        if (fault is not null && !_isStorageAway)
        {
            LogAway(fault.Message.Split('\n')[0]);
        }
        else if (fault is null && _isStorageAway)
        {
            LogBack();
        }

        _isStorageAway = fault is not null;
    }

    private async Task HandleAsync(Delivery delivery, CancellationToken stoppingToken)
    {
        try
        {
            var body = delivery.FindBody();
            if (isPoison && body is null)
            {
                LogDropped(delivery.Id);
                await queue.DeleteAsync(delivery, CancellationToken.None);
            }
            else if (body is null || delivery.Count > settings.MaxDequeueCount)
            {
                await PoisonAsync(delivery);
            }
            else if (await TryProcessAsync(delivery, body, stoppingToken))
            {
                await queue.DeleteAsync(delivery, CancellationToken.None);
            }
            else if (stoppingToken.IsCancellationRequested)
            {
                await queue.HideAsync(delivery, TimeSpan.Zero, CancellationToken.None);
            }
            else if (delivery.Count >= settings.MaxDequeueCount)
            {
                await PoisonAsync(delivery);
            }
            else
            {
                await queue.HideAsync(delivery, settings.VisibilityTimeout, CancellationToken.None);
            }
        }
        catch (Exception fault)
        {
            // Storage does not answer. The message becomes visible again by itself when its lease is over.
            LogCannotSettle(delivery.Id, fault.Message.Split('\n')[0]);
        }
    }

    private Task PoisonAsync(Delivery delivery)
    {
        LogPoisoned(delivery.Id, delivery.Count);

        return queue.MoveToPoisonAsync(delivery, CancellationToken.None);
    }

    private async Task<bool> TryProcessAsync(Delivery delivery, byte[] body, CancellationToken stoppingToken)
    {
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(delivery, done.Token);
        try
        {
            await process(body, delivery.Count, stoppingToken);
            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception away) when (StorageFault.IsPassing(away))
        {
            LogCannotSettle(delivery.Id, away.Message.Split('\n')[0]);
            return false;
        }
        catch (Exception fault)
        {
            LogFault(fault, delivery.Id, delivery.Count);
            return false;
        }
        finally
        {
            // The renewal changes the receipt, so it must have come to rest before the message is settled.
            await done.CancelAsync();
            await renewing;
        }
    }

    private async Task RenewAsync(Delivery delivery, CancellationToken done)
    {
        using var timer = new PeriodicTimer(settings.Lease / 3, clock);
        while (await NextAsync(timer, done))
        {
            try
            {
                if (!await queue.HideAsync(delivery, settings.Lease, CancellationToken.None))
                {
                    return;
                }
            }
            catch (Exception fault)
            {
                LogCannotSettle(delivery.Id, fault.Message.Split('\n')[0]);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken done)
    {
        try
        {
            return await timer.WaitForNextTickAsync(done);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    [LoggerMessage(LogLevel.Warning, "Storage does not answer; trying again until it does: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Information, "Storage answers again")]
    private partial void LogBack();

    [LoggerMessage(LogLevel.Warning, "Message {MessageId} cannot be settled and will come back: {Reason}")]
    private partial void LogCannotSettle(string messageId, string reason);

    [LoggerMessage(LogLevel.Error, "Message {MessageId} failed at try {Try}")]
    private partial void LogFault(Exception fault, string messageId, long @try);

    [LoggerMessage(LogLevel.Warning, "Message {MessageId} is not base64, so none of ours: it is dropped")]
    private partial void LogDropped(string messageId);

    [LoggerMessage(LogLevel.Warning, "Message {MessageId} goes to the poison queue after {Tries} tries")]
    private partial void LogPoisoned(string messageId, long tries);
}
