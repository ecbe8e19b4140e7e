using Azure;
using ImageResize.Core.Jobs;
using ImageResize.Functions.Standalone.Queues;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>
/// How the real host pulls the queue of one function: some messages at once, hidden by a lease that is renewed at half, deleted on
/// success, hidden for a while after a failure, moved to the poison queue after the last try.
/// </summary>
/// <param name="invoke">Posts a message to the handler; whether that succeeded.</param>
internal sealed class QueuePull(
    IDeliveryQueue queue,
    bool isPoison,
    QueueSettings settings,
    TimeSpan lease,
    Func<byte[], Delivery, CancellationToken, Task<bool>> invoke)
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<Task> _underWay = [];

    /// <param name="stopping">No more messages are fetched; those under way are brought to their end.</param>
    /// <param name="killed">The host is dead: nothing more is said to the queue.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken killed)
    {
        var poll = ShortestPoll;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _underWay.RemoveWhere(task => task.IsCompleted);
                if (_underWay.Count > settings.NewBatchThreshold)
                {
                    await Task.WhenAny(_underWay).WaitAsync(stopping);
                    continue;
                }

                var deliveries = await queue.ReceiveAsync(settings.BatchSize, lease, stopping);
                foreach (var delivery in deliveries)
                {
                    _underWay.Add(Task.Run(() => HandleAsync(delivery, killed), CancellationToken.None));
                }

                poll = deliveries.Count > 0 ? ShortestPoll : Shorter(poll * 2, settings.MaxPollingInterval);
                await Task.Delay(deliveries.Count > 0 ? TimeSpan.Zero : poll, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception away) when (away is RequestFailedException or AggregateException or HttpRequestException)
            {
                await Task.Delay(settings.MaxPollingInterval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_underWay);
    }

    private async Task HandleAsync(Delivery delivery, CancellationToken killed)
    {
        try
        {
            var isDone = delivery.Count <= settings.MaxDequeueCount
                && delivery.FindBody() is { } body
                && await InvokeAsync(body, delivery, killed);
            killed.ThrowIfCancellationRequested();
            await SettleAsync(delivery, isDone, killed);
        }
        catch (Exception unsettled) when (unsettled is OperationCanceledException or RequestFailedException or AggregateException or HttpRequestException)
        {
            // The host is dead or storage is away: the message comes back when its lease is over.
        }
    }

    /// <summary>The renewal ends with it however it ends: one that nobody cancels would hide the message from every host to come.</summary>
    private async Task<bool> InvokeAsync(byte[] body, Delivery delivery, CancellationToken killed)
    {
        using var renewing = CancellationTokenSource.CreateLinkedTokenSource(killed);
        var renewal = RenewAsync(delivery, renewing.Token);
        try
        {
            return await invoke(body, delivery, killed);
        }
        finally
        {
            await renewing.CancelAsync();
            await renewal;
        }
    }

    private Task SettleAsync(Delivery delivery, bool isDone, CancellationToken killed)
    {
        if (isDone)
        {
            return queue.DeleteAsync(delivery, killed);
        }

        // A poison queue has no poison queue: what fails there stays hidden until its lease is over, and is tried again for ever.
        if (isPoison)
        {
            return Task.CompletedTask;
        }

        return delivery.Count >= settings.MaxDequeueCount || delivery.FindBody() is null
            ? queue.MoveToPoisonAsync(delivery, killed)
            : queue.HideAsync(delivery, settings.VisibilityTimeout, killed);
    }

    private async Task RenewAsync(Delivery delivery, CancellationToken done)
    {
        var isOurs = true;
        while (isOurs && !done.IsCancellationRequested)
        {
            await Task.Delay(lease / 2, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                isOurs = done.IsCancellationRequested || await queue.HideAsync(delivery, lease, CancellationToken.None);
            }
            catch (Exception away) when (away is RequestFailedException or AggregateException)
            {
                // Tried again at the next half.
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
