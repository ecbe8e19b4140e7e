using ImageResize.Core.Memory;

namespace ImageResize.Tests.Memory;

public sealed class MemoryBudgetTests
{
    private const int Megabyte = 1_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_that_finds_no_room_waits_until_memory_is_released()
    {
        var memory = new MemoryBudget(10 * Megabyte);
        var first = await ReserveAsync(memory, 10 * Megabyte);

        var second = ReserveAsync(memory, Megabyte);
        Assert.False(second.IsCompleted);

        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task A_reservation_that_grows_goes_before_new_ones()
    {
        var memory = new MemoryBudget(3 * Megabyte);
        var (working, growing) = (await ReserveAsync(memory, Megabyte), await ReserveAsync(memory, Megabyte));
        var grown = growing.GrowAsync(3 * Megabyte, Token);
        var entering = ReserveAsync(memory, Megabyte);
        Assert.False(grown.IsCompleted);

        working.Dispose();
        await grown;
        Assert.False(entering.IsCompleted);

        growing.Dispose();
        (await entering).Dispose();
    }

    [Fact]
    public async Task A_caller_with_much_queued_work_does_not_delay_another_by_all_of_it()
    {
        var memory = new MemoryBudget(Megabyte);
        var order = new List<string>();
        var first = await memory.ReserveAsync(Megabyte, new MemoryTurn("alice"), Token);
        var work = Enumerable.Range(0, 5).Select(_ => "alice").Append("bob").Append("bob").Select(RunAsync).ToList();

        first.Dispose();
        await Task.WhenAll(work);

        Assert.Equal(["bob", "alice", "bob", "alice", "alice", "alice", "alice"], order);

        async Task RunAsync(string caller)
        {
            using var reservation = await memory.ReserveAsync(Megabyte, new MemoryTurn(caller), Token);
            order.Add(caller);
        }
    }

    [Fact]
    public async Task Of_one_caller_the_lowest_priority_number_goes_first()
    {
        var memory = new MemoryBudget(Megabyte);
        var first = await ReserveAsync(memory, Megabyte);
        var later = memory.ReserveAsync(Megabyte, new MemoryTurn("alice", Priority: 2), Token);
        var sooner = memory.ReserveAsync(Megabyte, new MemoryTurn("alice", Priority: 1), Token);

        first.Dispose();

        (await sooner).Dispose();
        (await later).Dispose();
    }

    [Fact]
    public async Task Large_work_is_not_delayed_by_small_work_of_callers_that_come_later()
    {
        var memory = new MemoryBudget(10 * Megabyte);
        var held = await memory.ReserveAsync(5 * Megabyte, new MemoryTurn("alice"), Token);
        var large = memory.ReserveAsync(8 * Megabyte, new MemoryTurn("bob"), Token);

        var small = memory.ReserveAsync(Megabyte, new MemoryTurn("carol"), Token);
        Assert.False(small.IsCompleted);

        held.Dispose();
        (await large).Dispose();
        (await small).Dispose();
    }

    [Fact]
    public async Task Work_larger_than_the_budget_runs_alone()
    {
        var memory = new MemoryBudget(Megabyte / 2);
        using var large = await ReserveAsync(memory, 100 * Megabyte);

        Assert.False(ReserveAsync(memory, 1).IsCompleted);
    }

    [Fact]
    public async Task A_canceled_request_delays_no_other()
    {
        var memory = new MemoryBudget(2 * Megabyte);
        var (first, second) = (await ReserveAsync(memory, Megabyte), await ReserveAsync(memory, Megabyte));
        using var end = new CancellationTokenSource();
        var grown = first.GrowAsync(50 * Megabyte, end.Token);
        var entered = memory.ReserveAsync(Megabyte, MemoryTurn.None, end.Token);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grown);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => entered);
        first.Dispose();
        second.Dispose();

        using var all = await ReserveAsync(memory, 2 * Megabyte);
    }

    /// <summary>All reservations ask for much more than they started with. Only one may exceed the budget, if all wait.</summary>
    [Fact]
    public async Task All_growing_reservations_complete_and_the_budget_holds()
    {
        const int Capacity = 20 * Megabyte;
        const int Largest = 12 * Megabyte;
        var memory = new MemoryBudget(Capacity);
        var random = new Random(1);
        var sizes = Enumerable.Range(0, 200).Select(_ => random.Next(1, Largest)).ToList();
        long held = 0, most = 0;

        await Task.WhenAll(sizes.Select(size => Task.Run(async () =>
        {
            using var reservation = await ReserveAsync(memory, Megabyte);
            await reservation.GrowAsync(size, Token);
            Max(ref most, Interlocked.Add(ref held, size));
            await Task.Delay(1, Token);
            Interlocked.Add(ref held, -size);
        }, Token)));

        Assert.InRange(most, Largest, Capacity + Largest);
    }

    private static Task<MemoryReservation> ReserveAsync(MemoryBudget memory, long bytes) =>
        memory.ReserveAsync(bytes, MemoryTurn.None, Token);

    private static void Max(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
