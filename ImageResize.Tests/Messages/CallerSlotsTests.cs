using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;

namespace ImageResize.Tests.Messages;

public sealed class CallerSlotsTests
{
    private readonly CallerSlots _slots = new(slots: 1);

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

    private Task<IDisposable> TakeAsync(string? caller, MessagePriority priority = MessagePriority.Interactive) =>
        _slots.TakeAsync(Message(caller) with { Priority = priority }, Token);

    private static SliceMessage Message(string? caller) => new(BatchId.New(TimeProvider.System.GetUtcNow()), 0) { Caller = caller };
}
