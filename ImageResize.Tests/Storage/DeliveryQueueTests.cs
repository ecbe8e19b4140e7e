using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Tests.Storage;

/// <summary>What every queue promises. Each queue runs the same tests.</summary>
public abstract class DeliveryQueueTests
{
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(10);

    private readonly WorkMessage _message = new(WorkKind.Slice, BatchId.New(TimeProvider.System.GetUtcNow()), Slice: 17, Round: 2, Trace: "00-ab-cd-01");

    internal abstract IJobQueue Jobs { get; }

    internal abstract IDeliveryQueue Deliveries { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_arrives_as_it_was_put()
    {
        await Jobs.PutAsync(_message, TimeSpan.Zero, Token);

        var delivery = Assert.Single(await Deliveries.ReceiveAsync(10, Hidden, Token));

        Assert.Equal(_message, WorkMessage.Find(delivery.FindBody()));
        Assert.Equal(1, delivery.Count);
    }

    [Fact]
    public async Task A_queue_that_nobody_has_made_yet_is_empty() =>
        Assert.Empty(await Deliveries.ReceiveAsync(10, Hidden, Token));

    [Fact]
    public async Task A_delayed_message_is_not_there_yet()
    {
        await Jobs.PutAsync(_message, TimeSpan.FromMinutes(10), Token);

        Assert.Empty(await Deliveries.ReceiveAsync(10, Hidden, Token));
    }

    [Fact]
    public async Task A_received_message_is_hidden_from_others()
    {
        await Jobs.PutAsync(_message, TimeSpan.Zero, Token);
        await Deliveries.ReceiveAsync(10, Hidden, Token);

        Assert.Empty(await Deliveries.ReceiveAsync(10, Hidden, Token));
    }

    [Fact]
    public async Task A_message_given_back_is_delivered_again_and_counted()
    {
        await Jobs.PutAsync(_message, TimeSpan.Zero, Token);
        var first = Assert.Single(await Deliveries.ReceiveAsync(10, Hidden, Token));
        await Deliveries.HideAsync(first, TimeSpan.Zero, Token);

        var second = Assert.Single(await Deliveries.ReceiveAsync(10, Hidden, Token));

        Assert.Equal(2, second.Count);
        Assert.Equal(_message, WorkMessage.Find(second.FindBody()));
    }

    [Fact]
    public async Task A_message_renewed_and_deleted_is_gone()
    {
        await Jobs.PutAsync(_message, TimeSpan.Zero, Token);
        var delivery = Assert.Single(await Deliveries.ReceiveAsync(10, Hidden, Token));

        Assert.True(await Deliveries.HideAsync(delivery, TimeSpan.Zero, Token));
        await Deliveries.DeleteAsync(delivery, Token);

        Assert.Empty(await Deliveries.ReceiveAsync(10, Hidden, Token));
    }

    [Fact]
    public async Task Who_lost_a_message_cannot_hide_or_delete_it()
    {
        await Jobs.PutAsync(_message, TimeSpan.Zero, Token);
        var lost = Assert.Single(await Deliveries.ReceiveAsync(10, Hidden, Token));
        var same = lost with { };
        await Deliveries.HideAsync(same, TimeSpan.Zero, Token);
        var owner = Assert.Single(await Deliveries.ReceiveAsync(10, Hidden, Token));

        Assert.False(await Deliveries.HideAsync(lost, Hidden, Token));
        await Deliveries.DeleteAsync(lost, Token);

        Assert.True(await Deliveries.HideAsync(owner, Hidden, Token));
    }

    [Fact]
    public async Task A_poisoned_message_leaves_the_queue()
    {
        await Jobs.PutAsync(_message, TimeSpan.Zero, Token);
        var delivery = Assert.Single(await Deliveries.ReceiveAsync(10, Hidden, Token));
        await Deliveries.HideAsync(delivery, TimeSpan.Zero, Token);

        await Deliveries.MoveToPoisonAsync(delivery, Token);

        Assert.Empty(await Deliveries.ReceiveAsync(10, Hidden, Token));
        Assert.Equal(_message, WorkMessage.Find(Convert.FromBase64String(Assert.Single(await PoisonedAsync()))));
    }

    internal abstract Task<IReadOnlyList<string>> PoisonedAsync();
}
