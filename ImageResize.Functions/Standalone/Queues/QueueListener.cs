using ImageResize.Core.Messages;
using ImageResize.Core.Storage.Queues;
using ImageResize.Core.Storage.Resilience;

namespace ImageResize.Functions.Standalone.Queues;

/// <summary>
/// Processes a queue without a Functions host, by the same rules: several messages at the same time, a visibility timeout that is renewed,
/// a delay after a failure, and the poison queue after the last try.
/// </summary>
internal sealed partial class QueueListener(
    IMessageReceiver queue,
    QueueSettings settings,
    Func<ReceivedMessage, CancellationToken, Task> process,
    ArrivalSignal arrivals,
    TimeProvider clock,
    ILogger<QueueListener> logger) : BackgroundService
{
    private static readonly TimeSpan MinPollingInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a listener without free places checks whether messages have begun to wait.</summary>
    private static readonly TimeSpan WaitCheckInterval = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<Task> _running = [];
    private bool _isStorageUnavailable;

    /// <summary>Messages that are being processed but only wait, so that others are received in their place.</summary>
    public Func<int> CountWaiting { get; init; } = () => 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = MinPollingInterval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_running.Count - CountWaiting() > settings.NewBatchThreshold)
                {
                    await WaitForPlaceAsync(stoppingToken);
                }
                else if (await ReceiveAsync(stoppingToken))
                {
                    interval = MinPollingInterval;
                }
                else
                {
                    interval = Min(interval * 2, settings.MaxPollingInterval);
                    await arrivals.WaitAsync(interval, stoppingToken);
                }

                _running.RemoveWhere(task => task.IsCompleted);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                SetStorageState(fault);
                await Task.Delay(settings.MaxPollingInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // The running handlers have been canceled: each stores what it has finished and gives back the rest.
        await Task.WhenAll(_running);
    }

    private async Task WaitForPlaceAsync(CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny([.. _running, Task.Delay(WaitCheckInterval, clock, over.Token)]);
        await over.CancelAsync();
    }

    /// <returns>Whether there were messages.</returns>
    private async Task<bool> ReceiveAsync(CancellationToken stoppingToken)
    {
        var deliveries = await queue.ReceiveAsync(settings.BatchSize, settings.Lease, stoppingToken);
        SetStorageState();
        foreach (var delivery in deliveries)
        {
            _running.Add(Task.Run(() => HandleAsync(delivery, stoppingToken), CancellationToken.None));
        }

        return deliveries.Count > 0;
    }

    /// <summary>Logs the start and the end of an outage once.</summary>
    private void SetStorageState(Exception? fault = null)
    {
        if (fault is not null && !_isStorageUnavailable)
        {
            LogUnavailable(FirstLine(fault));
        }
        else if (fault is null && _isStorageUnavailable)
        {
            LogAvailable();
        }

        _isStorageUnavailable = fault is not null;
    }

    private async Task HandleAsync(ReceivedMessage delivery, CancellationToken stoppingToken)
    {
        try
        {
            if (delivery.DequeueCount > settings.MaxDequeueCount)
            {
                await PoisonAsync(delivery);
            }
            else if (await TryProcessAsync(delivery, stoppingToken))
            {
                await queue.DeleteAsync(delivery, CancellationToken.None);
            }
            else if (stoppingToken.IsCancellationRequested)
            {
                await queue.HideAsync(delivery, TimeSpan.Zero, CancellationToken.None);
            }
            else if (delivery.DequeueCount >= settings.MaxDequeueCount)
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
            // Storage is unavailable. The message becomes visible again when its visibility timeout ends.
            LogNotSettled(delivery.Id, FirstLine(fault));
        }
    }

    private Task PoisonAsync(ReceivedMessage delivery)
    {
        LogPoisoned(delivery.Id, delivery.DequeueCount);

        return queue.MoveToPoisonAsync(delivery, CancellationToken.None);
    }

    private async Task<bool> TryProcessAsync(ReceivedMessage delivery, CancellationToken stoppingToken)
    {
        using var done = new CancellationTokenSource();
        var renewal = RenewAsync(delivery, done.Token);
        try
        {
            await process(delivery, stoppingToken);
            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception fault) when (StorageFault.IsTransient(fault))
        {
            LogNotSettled(delivery.Id, FirstLine(fault));
            return false;
        }
        catch (Exception fault)
        {
            LogFault(fault, delivery.Id, delivery.DequeueCount);
            return false;
        }
        finally
        {
            // A renewal changes the receipt, so it must have ended before the message is settled.
            await done.CancelAsync();
            await renewal;
        }
    }

    private async Task RenewAsync(ReceivedMessage delivery, CancellationToken done)
    {
        using var timer = new PeriodicTimer(settings.Lease / 3, clock);
        while (await WaitForTickAsync(timer, done))
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
                LogNotSettled(delivery.Id, FirstLine(fault));
            }
        }
    }

    private static async Task<bool> WaitForTickAsync(PeriodicTimer timer, CancellationToken done)
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

    private static string FirstLine(Exception fault) => fault.Message.Split('\n')[0];

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    [LoggerMessage(
        19003,
        LogLevel.Warning,
        "Storage is unavailable; retrying until it responds: {Reason}",
        EventName = "QueueListenerUnavailable")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(19004, LogLevel.Information, "Storage is available again", EventName = "QueueListenerAvailable")]
    private partial void LogAvailable();

    [LoggerMessage(
        19005,
        LogLevel.Warning,
        "Message {MessageId} can't be settled and will be redelivered: {Reason}",
        EventName = "QueueListenerNotSettled")]
    private partial void LogNotSettled(string messageId, string reason);

    [LoggerMessage(19006, LogLevel.Error, "Message {MessageId} failed (dequeue count {DequeueCount})", EventName = "QueueListenerFault")]
    private partial void LogFault(Exception fault, string messageId, long dequeueCount);

    [LoggerMessage(
        19007,
        LogLevel.Warning,
        "Moved message {MessageId} to the poison queue (dequeue count {DequeueCount})",
        EventName = "QueueListenerPoisoned")]
    private partial void LogPoisoned(string messageId, long dequeueCount);
}
