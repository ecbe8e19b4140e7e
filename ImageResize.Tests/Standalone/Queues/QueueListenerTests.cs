using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Core.Storage.Health;
using ImageResize.Core.Storage.Queues;
using ImageResize.Functions.Standalone.Queues;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Standalone.Queues;

/// <summary>The standalone listener applies host.json's settings as the Functions host does.</summary>
public sealed class QueueListenerTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryQueue _queue;
    private readonly ArrivalSignal _arrivals = new();
    private readonly WorkMessage _message = new SliceMessage(BatchId.New(TimeProvider.System.GetUtcNow()), 0);
    private readonly List<long> _deliveries = [];
    private int _waiting;

    public QueueListenerTests() => _queue = new InMemoryQueue(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _arrivals.Dispose();

    [Fact]
    public async Task A_processed_message_is_deleted()
    {
        await _queue.SendAsync(_message, TimeSpan.Zero, Token);

        using var listener = await StartAsync((_, _) => Task.CompletedTask);

        await UntilAsync(() => _queue.Count == 0);
        Assert.Equal([1], _deliveries);
        await listener.StopAsync(Token);
    }

    [Fact]
    public async Task A_failed_message_is_redelivered_after_a_delay_and_moves_to_the_poison_queue_after_the_last_attempt()
    {
        await _queue.SendAsync(_message, TimeSpan.Zero, Token);

        using var listener = await StartAsync((_, _) => throw new IOException("The connection to storage failed."));
        for (var attempt = 1; attempt < 3; attempt++)
        {
            // A receipt for the delivery, and one for being hidden.
            await UntilAsync(() => _queue.Receipts == 2 * attempt);
            _clock.Advance(TimeSpan.FromSeconds(29));
            _arrivals.Set();
            await SettleAsync();
            Assert.Equal(attempt, _deliveries.Count);
            _clock.Advance(TimeSpan.FromSeconds(1));
            _arrivals.Set();
        }

        await UntilAsync(() => _queue.Poisoned.Count == 1);
        Assert.Equal([1, 2, 3], _deliveries);
        Assert.Equal(0, _queue.Count);
        await listener.StopAsync(Token);
    }

    [Fact]
    public async Task A_message_stays_hidden_while_it_is_processed()
    {
        await _queue.SendAsync(_message, TimeSpan.Zero, Token);
        var finish = new TaskCompletionSource();

        using var listener = await StartAsync((_, _) => finish.Task);
        await UntilAsync(() => _deliveries.Count == 1);
        for (var renewals = 1; renewals <= 10; renewals++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            _arrivals.Set();
            await UntilAsync(() => _queue.Receipts == 1 + renewals);
        }

        await SettleAsync();
        Assert.Equal([1], _deliveries);
        finish.SetResult();
        await UntilAsync(() => _queue.Count == 0);
        await listener.StopAsync(Token);
    }

    [Fact]
    public async Task No_more_messages_are_received_than_batch_size_and_threshold_allow()
    {
        for (var i = 0; i < 20; i++)
        {
            await _queue.SendAsync(_message, TimeSpan.Zero, Token);
        }

        var finish = new TaskCompletionSource();
        using var listener = await StartAsync((_, _) => finish.Task);
        await UntilAsync(() => _deliveries.Count == 4);
        await SettleAsync();

        Assert.Equal(4, _deliveries.Count);
        finish.SetResult();
        await UntilAsync(() => _queue.Count == 0);
        await listener.StopAsync(Token);
    }

    [Fact]
    public async Task Other_messages_are_received_in_place_of_those_that_wait()
    {
        for (var i = 0; i < 20; i++)
        {
            await _queue.SendAsync(_message, TimeSpan.Zero, Token);
        }

        var finish = new TaskCompletionSource();
        using var listener = await StartAsync((_, _) => finish.Task);
        await UntilAsync(() => _deliveries.Count == 4);
        _waiting = 4;
        await UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));

            return _deliveries.Count == 8;
        });
        _clock.Advance(TimeSpan.FromSeconds(1));
        await SettleAsync();

        Assert.Equal(8, _deliveries.Count);
        finish.SetResult();
        await UntilAsync(() => _queue.Count == 0);
        await listener.StopAsync(Token);
    }

    [Fact]
    public async Task Messages_in_progress_are_canceled_when_the_listener_stops()
    {
        await _queue.SendAsync(_message, TimeSpan.Zero, Token);
        var stopped = new TaskCompletionSource();

        using var listener = await StartAsync((_, token) =>
        {
            token.Register(stopped.SetResult);
            return stopped.Task;
        });
        await UntilAsync(() => _deliveries.Count == 1);
        await listener.StopAsync(Token);

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task Messages_received_while_the_listener_stops_are_returned()
    {
        await _queue.SendAsync(_message, TimeSpan.Zero, Token);
        var slow = new SlowQueue(_queue);

        using var listener =
            await StartAsync((_, token) => Task.FromCanceled(token), from: new OutageAwareQueue(slow, new StorageOutage(null!, _clock)));
        await slow.Asked.Task.WaitAsync(Token);
        var stop = listener.StopAsync(Token);
        slow.Answers.SetResult();
        await stop;

        Assert.Single(await _queue.ReceiveAsync(1, TimeSpan.Zero, Token));
    }

    private async Task<QueueListener> StartAsync(
        Func<string, CancellationToken, Task> work, IMessageReceiver? from = null)
    {
        var settings = new QueueSettings
        {
            BatchSize = 4,
            NewBatchThreshold = 2,
            MaxDequeueCount = 3,
            VisibilityTimeout = TimeSpan.FromSeconds(30),
            MaxPollingInterval = TimeSpan.FromSeconds(2),
        };
        var listener = new QueueListener(
            from ?? _queue,
            settings,
            (delivery, token) =>
            {
                lock (_deliveries)
                {
                    _deliveries.Add(delivery.DequeueCount);
                }

                return work(delivery.Text, token);
            },
            _arrivals,
            _clock,
            NullLogger<QueueListener>.Instance)
        {
            CountWaiting = () => Volatile.Read(ref _waiting),
        };
        await listener.StartAsync(Token);

        return listener;
    }

    /// <summary>Gives the listener time where its state is not visible.</summary>
    private static Task SettleAsync() => Task.Delay(50, Token);

    private static Task UntilAsync(Func<bool> isSo) => Eventually.Async(isSo);

    /// <summary>Hides messages at once and returns them later.</summary>
    private sealed class SlowQueue(InMemoryQueue queue) : IMessageReceiver
    {
        public TaskCompletionSource Asked { get; } = new();

        public TaskCompletionSource Answers { get; } = new();

        public async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(
            int maxMessages, TimeSpan visibilityTimeout, CancellationToken cancellationToken)
        {
            var taken = await queue.ReceiveAsync(maxMessages, visibilityTimeout, cancellationToken);
            Asked.TrySetResult();
            await Answers.Task;
            cancellationToken.ThrowIfCancellationRequested();

            return taken;
        }

        public Task<bool> HideAsync(ReceivedMessage delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken) =>
            queue.HideAsync(delivery, visibilityTimeout, cancellationToken);

        public Task DeleteAsync(ReceivedMessage delivery, CancellationToken cancellationToken) =>
            queue.DeleteAsync(delivery, cancellationToken);

        public Task MoveToPoisonAsync(ReceivedMessage delivery, CancellationToken cancellationToken) =>
            queue.MoveToPoisonAsync(delivery, cancellationToken);
    }
}
