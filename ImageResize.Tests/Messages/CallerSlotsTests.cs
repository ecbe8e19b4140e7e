using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Messages;

public sealed class CallerSlotsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CallerSlots _slots;

    public CallerSlotsTests() => _slots = new CallerSlots(_clock, slots: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bob", MessagePriority.Interactive)]
    [InlineData("alice", MessagePriority.Bulk)]
    [InlineData(null, MessagePriority.Interactive)]
    public async Task A_message_waits_only_for_those_of_its_caller_and_priority(string? other, MessagePriority priority)
    {
        var first = await TakeAsync("alice");
        var second = TakeAsync("alice");

        (await TakeAsync(other, priority)).Dispose();
        Assert.False(second.IsCompleted);

        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Messages_with_web_images_delay_no_others_of_their_caller()
    {
        for (var i = 0; i < CallerSlots.Remote; i++)
        {
            await _slots.TakeAsync(Message("alice") with { IsRemote = true }, Token);
        }

        Assert.False(_slots.TakeAsync(Message("alice") with { IsRemote = true }, Token).IsCompleted);
        (await TakeAsync("alice")).Dispose();
    }

    [Fact]
    public async Task A_message_that_is_canceled_while_it_waits_leaves_its_place()
    {
        using var canceled = new CancellationTokenSource();
        var first = await TakeAsync("alice");
        var second = _slots.TakeAsync(Message("alice"), canceled.Token);
        var third = TakeAsync("alice");

        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        first.Dispose();

        var taken = await third;
        Assert.False(TakeAsync("alice").IsCompleted);
        taken.Dispose();
    }

    [Fact]
    public async Task Messages_that_are_stuck_return_to_the_queue_one_after_another()
    {
        using var first = await TakeAsync("alice");
        var waiting = Enumerable.Range(0, 5).Select(_ => TakeAsync("alice")).ToList();
        _clock.Advance(TimeSpan.FromSeconds(1));

        // One has the slot, one may wait.
        await Eventually.Async(() => waiting.Count(task => task.IsCompleted) == 4);

        var slots = await Task.WhenAll(waiting.Where(task => task.IsCompleted));
        var delays = slots.Select(slot => slot.ReturnsAfter!.Value.TotalSeconds).Order();
        Assert.Equal([5, 5.05, 5.1, 5.15], delays);
        Array.ForEach(slots, slot => slot.Dispose());
        first.Dispose();
        using var last = await Assert.Single(waiting, task => !slots.Contains(task.IsCompleted ? task.Result : null));
        Assert.Null(last.ReturnsAfter);
    }

    [Fact]
    public async Task A_message_behind_those_that_are_stuck_is_delivered_later()
    {
        using var first = await TakeAsync("alice");
        var second = TakeAsync("alice");
        Assert.Null(_slots.FindReturn(Message("alice")));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(5), _slots.FindReturn(Message("alice")));
        Assert.Equal(TimeSpan.FromSeconds(5.05), _slots.FindReturn(Message("alice")));
        Assert.Null(_slots.FindReturn(Message("alice") with { IsRemote = true }));
        Assert.Null(_slots.FindReturn(Message("bob")));
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Messages_of_a_caller_whose_work_proceeds_wait()
    {
        var waiting = Enumerable.Range(0, 20).Select(async _ =>
        {
            using var slot = await TakeAsync("alice");
            await Task.Delay(50, Token);
            _clock.Advance(TimeSpan.FromMilliseconds(100));

            return slot.ReturnsAfter;
        });

        Assert.All(await Task.WhenAll(waiting), Assert.Null);
    }

    private Task<CallerSlot> TakeAsync(string? caller, MessagePriority priority = MessagePriority.Interactive) =>
        _slots.TakeAsync(Message(caller) with { Priority = priority }, Token);

    private static SliceMessage Message(string? caller) => new(BatchId.New(TimeProvider.System.GetUtcNow()), 0) { Caller = caller };
}
