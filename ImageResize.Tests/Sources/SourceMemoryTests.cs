using ImageResize.Core.Sources;

namespace ImageResize.Tests.Sources;

public sealed class SourceMemoryTests
{
    private const int Megabyte = 1_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_without_memory_waits_until_another_is_done()
    {
        var memory = new SourceMemory(10 * Megabyte);
        var first = await memory.EnterAsync(Token);
        await first.GrowAsync(10 * Megabyte, Token);

        var second = memory.EnterAsync(Token);
        Assert.False(second.IsCompleted);

        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task A_started_source_gets_memory_before_a_new_one()
    {
        var memory = new SourceMemory(3 * Megabyte);
        var (working, growing) = (await memory.EnterAsync(Token), await memory.EnterAsync(Token));
        var grown = growing.GrowAsync(3 * Megabyte, Token);
        var entering = memory.EnterAsync(Token);
        Assert.False(grown.IsCompleted);

        working.Dispose();
        await grown;
        Assert.False(entering.IsCompleted);

        growing.Dispose();
        (await entering).Dispose();
    }

    [Fact]
    public async Task A_source_larger_than_the_limit_is_processed_alone()
    {
        var memory = new SourceMemory(Megabyte / 2);
        var room = await memory.EnterAsync(Token);
        await room.GrowAsync(100 * Megabyte, Token);

        Assert.False(memory.EnterAsync(Token).IsCompleted);
    }

    [Fact]
    public async Task A_canceled_wait_does_not_block_others()
    {
        var memory = new SourceMemory(2 * Megabyte);
        var (first, second) = (await memory.EnterAsync(Token), await memory.EnterAsync(Token));
        using var end = new CancellationTokenSource();
        var grown = first.GrowAsync(50 * Megabyte, end.Token);
        var entered = memory.EnterAsync(end.Token);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grown);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => entered);
        first.Dispose();
        second.Dispose();

        using var all = await memory.EnterAsync(Token);
        await all.GrowAsync(2 * Megabyte, Token);
    }

    /// <summary>All sources ask for much more than they started with. Only one at a time may exceed the limit, when all wait.</summary>
    [Fact]
    public async Task All_sources_get_their_memory_and_the_limit_holds_when_all_ask_for_more_at_once()
    {
        const int Capacity = 20 * Megabyte;
        const int Largest = 12 * Megabyte;
        var memory = new SourceMemory(Capacity);
        var random = new Random(1);
        var sizes = Enumerable.Range(0, 200).Select(_ => random.Next(1, Largest)).ToList();
        long held = 0, most = 0;

        await Task.WhenAll(sizes.Select(size => Task.Run(async () =>
        {
            using var room = await memory.EnterAsync(Token);
            await room.GrowAsync(size, Token);
            Max(ref most, Interlocked.Add(ref held, size));
            await Task.Delay(1, Token);
            Interlocked.Add(ref held, -size);
        }, Token)));

        Assert.InRange(most, Largest, Capacity + Largest);
    }

    private static void Max(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
