using Azure;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Tests.Support.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Messages;

/// <summary>A storage outage of less than a day uses up none of a message's few deliveries; any other fault does.</summary>
public sealed class MessageRetryPolicyTests
{
    private static readonly BatchId Batch = BatchId.New(TimeProvider.System.GetUtcNow());
    private static readonly Exception Outage = new RequestFailedException(503, "Busy.");
    private static readonly Exception FullDisk = new ThumbnailStoreException("The place for thumbnails is full.", new IOException());

    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryQueue _queue;
    private readonly InMemoryOutageMonitor _monitor = new();
    private readonly MessageRetryPolicy _policy;

    public MessageRetryPolicyTests()
    {
        _queue = new InMemoryQueue(_clock);
        _policy = new MessageRetryPolicy(_queue, _monitor, NullLogger<MessageRetryPolicy>.Instance);
    }

    [Fact]
    public async Task A_fault_that_is_not_an_outage_is_redelivered_by_the_host()
    {
        Assert.Equal(RetryDecision.Redeliver, await _policy.DecideAsync(new SliceMessage(Batch, 0), 1, new InvalidOperationException()));

        Assert.Empty(_queue.Sent);
        Assert.Equal(0, _monitor.Reports);
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(1, 60)]
    [InlineData(1_439, 60)]
    public async Task During_an_outage_a_message_is_replaced_by_a_delayed_copy(int deferCount, int seconds)
    {
        var message = new WatchMessage(Batch) { Round = 3, DeferCount = deferCount };

        Assert.Equal(RetryDecision.Deferred, await _policy.DecideAsync(message, 5, Outage));

        Assert.Equal([message with { DeferCount = deferCount + 1 }], _queue.Sent);
        Assert.Equal(1, _monitor.Reports);
        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Empty(await ReceiveAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await ReceiveAsync());
    }

    [Fact]
    public async Task An_outage_of_a_day_ends_the_deferring()
    {
        var message = new WatchMessage(Batch) { DeferCount = 1_440 };

        Assert.Equal(RetryDecision.Redeliver, await _policy.DecideAsync(message, 1, Outage));

        Assert.Empty(_queue.Sent);
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, true)]
    [InlineData(1, true, true)]
    public async Task A_slice_that_may_have_crashed_a_worker_stays_suspect_in_the_copy(long dequeueCount, bool wasSuspect, bool isSuspect)
    {
        await _policy.DecideAsync(new SliceMessage(Batch, 4) { IsSuspect = wasSuspect }, dequeueCount, Outage);

        Assert.Equal([new SliceMessage(Batch, 4) { IsSuspect = isSuspect, IsContinuation = true, DeferCount = 1 }], _queue.Sent);
    }

    [Theory]
    [InlineData(0, RetryDecision.Deferred)]
    [InlineData(3, RetryDecision.Deferred)]
    [InlineData(4, RetryDecision.GiveUp)]
    public async Task A_message_waits_four_times_for_a_full_disk(int deferCount, RetryDecision decision)
    {
        Assert.Equal(decision, await _policy.DecideAsync(new SliceMessage(Batch, 0) { DeferCount = deferCount }, 1, FullDisk));

        Assert.Equal(decision == RetryDecision.Deferred ? 1 : 0, _queue.Sent.Count);
        Assert.Equal(0, _monitor.Reports);
    }

    [Fact]
    public async Task A_poison_message_is_deferred_without_a_limit()
    {
        Assert.True(await _policy.TryDeferPoisonAsync(new ListMessage(Batch) { DeferCount = 100_000 }, Outage));
        Assert.False(await _policy.TryDeferPoisonAsync(new ListMessage(Batch), new InvalidOperationException()));

        Assert.Equal([new ListMessage(Batch) { DeferCount = 100_001 }], _queue.Sent);
    }

    private Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync() =>
        _queue.ReceiveAsync(1, TimeSpan.Zero, TestContext.Current.CancellationToken);
}
