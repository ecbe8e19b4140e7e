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
        var entered = memory.ReserveAsync(Megabyte, priority: 0, end.Token);

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

    private static Task<MemoryReservation> ReserveAsync(MemoryBudget memory, long bytes) => memory.ReserveAsync(bytes, priority: 0, Token);

    private static void Max(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
