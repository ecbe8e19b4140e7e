using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Functions.Standalone.Queues;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Queue;

/// <summary>The double of the Functions host settles messages as the real one was seen to.</summary>
public sealed class QueuePullTests : IDisposable
{
    private static readonly QueueSettings Settings = new()
    {
        BatchSize = 4,
        NewBatchThreshold = 2,
        MaxDequeueCount = 3,
        VisibilityTimeout = TimeSpan.FromSeconds(30),
        MaxPollingInterval = TimeSpan.FromMilliseconds(200),
    };

    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryQueue _queue;
    private readonly WorkMessage _message = new(WorkKind.Slice, BatchId.New(TimeProvider.System.GetUtcNow()));
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _killed = new();
    private int _invocations;

    public QueuePullTests() => _queue = new InMemoryQueue(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _stopping.Dispose();
        _killed.Dispose();
    }

    [Fact]
    public async Task Success_deletes()
    {
        await _queue.PutAsync(_message, TimeSpan.Zero, Token);

        var running = RunAsync(() => Task.FromResult(true));
        await Eventually.Async(() => _queue.Count == 0);
        await _stopping.CancelAsync();
        await running;

        Assert.Equal(1, _invocations);
    }

    [Fact]
    public async Task Failure_hides_and_the_last_one_goes_to_the_poison_queue()
    {
        await _queue.PutAsync(_message, TimeSpan.Zero, Token);

        var running = RunAsync(() => Task.FromResult(false));
        for (var attempt = 1; attempt < 3; attempt++)
        {
            // A receipt for the delivery, and one for being hidden.
            await Eventually.Async(() => _queue.Receipts == 2 * attempt);
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        await Eventually.Async(() => _queue.Poisoned.Count == 1);
        await _stopping.CancelAsync();
        await running;

        Assert.Equal((3, 0), (_invocations, _queue.Count));
    }

    [Fact]
    public async Task No_more_messages_are_taken_than_batch_size_and_threshold_allow()
    {
        for (var i = 0; i < 20; i++)
        {
            await _queue.PutAsync(_message, TimeSpan.Zero, Token);
        }

        var finish = new TaskCompletionSource<bool>();
        var running = RunAsync(() => finish.Task);
        await Eventually.Async(() => _invocations == 4);
        finish.SetResult(true);
        await Eventually.Async(() => _queue.Count == 0);
        await _stopping.CancelAsync();
        await running;

        Assert.Equal(20, _invocations);
    }

    [Fact]
    public async Task A_host_that_is_killed_settles_nothing()
    {
        await _queue.PutAsync(_message, TimeSpan.Zero, Token);
        var finish = new TaskCompletionSource<bool>();

        var running = RunAsync(() => finish.Task);
        await Eventually.Async(() => _invocations == 1);
        await _killed.CancelAsync();
        await _stopping.CancelAsync();
        finish.SetResult(true);
        await running;

        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public async Task However_an_invocation_ends_its_message_is_renewed_no_more()
    {
        await _queue.PutAsync(_message, TimeSpan.Zero, Token);

        var running = RunAsync(() => Task.FromException<bool>(new OperationCanceledException()), lease: TimeSpan.FromMilliseconds(20));
        await Eventually.Async(() => _invocations == 1);
        await _stopping.CancelAsync();
        await running;
        var receipts = _queue.Receipts;

        // Of what must not happen there is nothing to wait for, but the time of many leases.
        await Task.Delay(TimeSpan.FromMilliseconds(500), Token);
        Assert.Equal(receipts, _queue.Receipts);
    }

    private Task RunAsync(Func<Task<bool>> invoke, TimeSpan? lease = null) => new QueuePull(
        _queue,
        isPoison: false,
        Settings,
        lease ?? TimeSpan.FromMinutes(10),
        (_, _, _) =>
        {
            Interlocked.Increment(ref _invocations);
            return invoke();
        }).RunAsync(_stopping.Token, _killed.Token);
}
