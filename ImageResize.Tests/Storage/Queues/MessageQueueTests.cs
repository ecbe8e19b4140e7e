using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;

namespace ImageResize.Tests.Storage.Queues;

/// <summary>The contract of queues. Each queue runs the same tests.</summary>
public abstract class MessageQueueTests
{
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(10);

    private readonly WorkMessage _message =
        new SliceMessage(BatchId.New(TimeProvider.System.GetUtcNow()), 17) { IsSuspect = true, Trace = "00-ab-cd-01" };

    internal abstract IMessageQueue Sender { get; }

    internal abstract IMessageReceiver Receiver { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        await Sender.SendAsync(_message, TimeSpan.Zero, Token);

        var delivery = Assert.Single(await Receiver.ReceiveAsync(10, Hidden, Token));

        Assert.Equal(_message, MessageText.Find(delivery.Text));
        Assert.Equal(1, delivery.DequeueCount);
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_is_empty() =>
        Assert.Empty(await Receiver.ReceiveAsync(10, Hidden, Token));

    [Fact]
    public async Task A_delayed_message_is_not_received()
    {
        await Sender.SendAsync(_message, TimeSpan.FromMinutes(10), Token);

        Assert.Empty(await Receiver.ReceiveAsync(10, Hidden, Token));
    }

    [Fact]
    public async Task A_received_message_is_hidden_from_others()
    {
        await Sender.SendAsync(_message, TimeSpan.Zero, Token);
        await Receiver.ReceiveAsync(10, Hidden, Token);

        Assert.Empty(await Receiver.ReceiveAsync(10, Hidden, Token));
    }

    [Fact]
    public async Task A_message_that_becomes_visible_is_delivered_again_and_counted()
    {
        await Sender.SendAsync(_message, TimeSpan.Zero, Token);
        var first = Assert.Single(await Receiver.ReceiveAsync(10, Hidden, Token));
        await Receiver.HideAsync(first, TimeSpan.Zero, Token);

        var second = Assert.Single(await Receiver.ReceiveAsync(10, Hidden, Token));

        Assert.Equal(2, second.DequeueCount);
        Assert.Equal(_message, MessageText.Find(second.Text));
    }

    [Fact]
    public async Task A_message_can_be_deleted_after_it_was_renewed()
    {
        await Sender.SendAsync(_message, TimeSpan.Zero, Token);
        var delivery = Assert.Single(await Receiver.ReceiveAsync(10, Hidden, Token));

        Assert.True(await Receiver.HideAsync(delivery, TimeSpan.Zero, Token));
        await Receiver.DeleteAsync(delivery, Token);

        Assert.Empty(await Receiver.ReceiveAsync(10, Hidden, Token));
    }

    [Fact]
    public async Task A_worker_that_lost_a_message_cannot_hide_or_delete_it()
    {
        await Sender.SendAsync(_message, TimeSpan.Zero, Token);
        var lost = Assert.Single(await Receiver.ReceiveAsync(10, Hidden, Token));
        var same = lost with { };
        await Receiver.HideAsync(same, TimeSpan.Zero, Token);
        var owner = Assert.Single(await Receiver.ReceiveAsync(10, Hidden, Token));

        Assert.False(await Receiver.HideAsync(lost, Hidden, Token));
        await Receiver.DeleteAsync(lost, Token);

        Assert.True(await Receiver.HideAsync(owner, Hidden, Token));
    }

    [Fact]
    public async Task A_poison_message_leaves_the_queue()
    {
        await Sender.SendAsync(_message, TimeSpan.Zero, Token);
        var delivery = Assert.Single(await Receiver.ReceiveAsync(10, Hidden, Token));
        await Receiver.HideAsync(delivery, TimeSpan.Zero, Token);

        await Receiver.MoveToPoisonAsync(delivery, Token);

        Assert.Empty(await Receiver.ReceiveAsync(10, Hidden, Token));
        Assert.Equal(_message, MessageText.Find(Assert.Single(await PoisonedAsync())));
    }

    internal abstract Task<IReadOnlyList<string>> PoisonedAsync();
}
