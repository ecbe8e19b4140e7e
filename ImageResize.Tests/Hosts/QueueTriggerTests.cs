using Azure.Storage.Queues;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>The double of the Functions host completes and retries messages as the real one does.</summary>
public sealed class QueueTriggerTests : IAsyncLifetime
{
    private static readonly QueueOptions s_options = new()
    {
        BatchSize = 4,
        NewBatchThreshold = 2,
        MaxDequeueCount = 3,
        VisibilityTimeout = TimeSpan.FromSeconds(1),
        MaxPollingInterval = TimeSpan.FromMilliseconds(200),
    };

    private readonly QueueClient _queue;
    private readonly QueueClient _poison;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _killed = new();
    private int _invocations;

    public QueueTriggerTests(Azurite azurite)
    {
        var (service, name) = (new QueueServiceClient(azurite.ConnectionString), Azurite.UniquePrefix());
        (_queue, _poison) = (service.GetQueueClient(name), service.GetQueueClient(name + "-poison"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _queue.CreateAsync(cancellationToken: Token);
        await _poison.CreateAsync(cancellationToken: Token);
    }

    public ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        _killed.Dispose();

        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_success_deletes_the_message()
    {
        await PutAsync();

        await RunUntilAsync(async () => await CountAsync(_queue) == 0, () => Task.FromResult(true));

        Assert.Equal((1, 0), (_invocations, await CountAsync(_poison)));
    }

    [Fact]
    public async Task A_failure_hides_the_message_and_the_last_one_moves_it_to_the_poison_queue()
    {
        await PutAsync();

        await RunUntilAsync(async () => await CountAsync(_poison) == 1 && await CountAsync(_queue) == 0, () => Task.FromResult(false));

        Assert.Equal(3, _invocations);
    }

    [Fact]
    public async Task A_message_that_is_not_base64_moves_to_the_poison_queue_without_an_invocation()
    {
        await _queue.SendMessageAsync("plain text!", Token);

        await RunUntilAsync(async () => await CountAsync(_poison) == 1, () => Task.FromResult(true));

        Assert.Equal(0, _invocations);
    }

    [Fact]
    public async Task No_more_messages_are_received_than_batch_size_and_threshold_allow()
    {
        for (var i = 0; i < 12; i++)
        {
            await PutAsync();
        }

        var finish = new TaskCompletionSource<bool>();
        var running = RunAsync(() => finish.Task);
        await Eventually.Async(() => _invocations == 4);
        finish.SetResult(true);
        await Eventually.Async(async () => await CountAsync(_queue) == 0);
        await _stopping.CancelAsync();
        await running;

        Assert.Equal(12, _invocations);
    }

    [Fact]
    public async Task A_killed_host_settles_nothing()
    {
        await PutAsync();
        var finish = new TaskCompletionSource<bool>();

        var running = RunAsync(() => finish.Task);
        await Eventually.Async(() => _invocations == 1);
        await _killed.CancelAsync();
        await _stopping.CancelAsync();
        finish.SetResult(true);
        await running;

        Assert.Equal(1, await CountAsync(_queue));
    }

    [Fact]
    public async Task A_lease_is_renewed_while_the_function_runs_and_not_afterwards()
    {
        await PutAsync();
        var finish = new TaskCompletionSource<bool>();

        var running = RunAsync(() => finish.Task, lease: TimeSpan.FromSeconds(2));
        await Task.Delay(TimeSpan.FromSeconds(5), Token);
        Assert.Equal(1, _invocations);
        await _killed.CancelAsync();
        await _stopping.CancelAsync();
        finish.SetResult(true);
        await running;

        await Eventually.Async(async () => (await _queue.ReceiveMessagesAsync(1, TimeSpan.FromMinutes(1), Token)).Value.Length == 1);
    }

    private async Task RunUntilAsync(Func<Task<bool>> isSettled, Func<Task<bool>> invoke)
    {
        var running = RunAsync(invoke);
        await Eventually.Async(isSettled);
        await _stopping.CancelAsync();
        await running;
    }

    private Task RunAsync(Func<Task<bool>> invoke, TimeSpan? lease = null) => new QueueTrigger(
        _queue,
        _poison,
        s_options,
        lease ?? TimeSpan.FromMinutes(10),
        (_, _, _) =>
        {
            Interlocked.Increment(ref _invocations);

            return invoke();
        }).RunAsync(_stopping.Token, _killed.Token);

    private async Task PutAsync() => await _queue.SendMessageAsync(Convert.ToBase64String("a message"u8), Token);

    private static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount;
}
