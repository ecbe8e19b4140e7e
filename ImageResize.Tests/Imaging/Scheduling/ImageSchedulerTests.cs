using System.Collections.Concurrent;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Imaging.Scheduling;

public sealed class ImageSchedulerTests
{
    private static readonly ImageCost Free = new(0, TimeSpan.Zero);
    private static readonly ImageCost Long = new(0, TimeSpan.FromSeconds(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Urgent_work_runs_first_then_the_oldest()
    {
        var gate = new ImageScheduler(width: 1);
        ImagePriority earlier = gate.TakePriority(isUrgent: false), later =
            gate.TakePriority(isUrgent: false), urgent = gate.TakePriority(isUrgent: true);
        var order = new ConcurrentQueue<string>();
        using var open = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();

        var first = Run("first", later, () => { entered.Set(); open.Wait(Token); });
        entered.Wait(Token);
        Task[] waiting =
        [
            Run("later 1", later), Run("earlier 1", earlier), Run("later 2", later), Run("earlier 2", earlier),
            Run("urgent 1", urgent), Run("urgent 2", urgent),
        ];
        open.Set();
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal(["first", "urgent 1", "urgent 2", "earlier 1", "earlier 2", "later 1", "later 2"], order);

        Task Run(string name, ImagePriority turn, Action? work = null) => gate.RunAsync(
            () =>
            {
                order.Enqueue(name);
                work?.Invoke();
                return true;
            },
            Free,
            turn,
            Token);
    }

    [Fact]
    public async Task No_more_work_runs_at_once_than_there_are_threads()
    {
        var gate = new ImageScheduler(width: 2);
        var (running, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => gate.RunAsync(
            () =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                Thread.Sleep(1);
                Interlocked.Decrement(ref running);
                return i;
            },
            Free,
            gate.TakePriority(isUrgent: i % 2 == 0),
            Token)));

        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Work_uses_no_pool_thread_and_its_continuation_uses_no_image_thread()
    {
        var gate = new ImageScheduler(width: 1);
        var turn = gate.TakePriority(isUrgent: false);
        using var open = new ManualResetEventSlim();

        var first = gate.RunAsync(() => { open.Wait(Token); return Thread.CurrentThread; }, Free, turn, Token);
        var after =
            first.ContinueWith(_ => Thread.CurrentThread, Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var second = gate.RunAsync(async () => { await Task.Yield(); return Thread.CurrentThread; }, Free, turn, Token);
        open.Set();

        Assert.False((await first).IsThreadPoolThread);
        Assert.True((await after).IsThreadPoolThread);
        Assert.True((await second).IsThreadPoolThread);
    }

    [Fact]
    public async Task Work_that_is_canceled_in_the_queue_does_not_run()
    {
        var gate = new ImageScheduler(width: 1);
        using var open = new ManualResetEventSlim();
        using var canceled = new CancellationTokenSource();
        var first = gate.RunAsync(() => { open.Wait(Token); return 1; }, Free, gate.TakePriority(isUrgent: false), Token);
        var second = gate.RunAsync(() => 2, Free, gate.TakePriority(isUrgent: true), canceled.Token);

        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => gate.RunAsync(() => 2, Free, gate.TakePriority(isUrgent: true), canceled.Token));
        open.Set();
        await first;

        Assert.Equal(3, await gate.RunAsync(() => 3, Free, gate.TakePriority(isUrgent: false), Token));
    }

    [Fact]
    public async Task Work_that_needs_much_memory_waits_while_smaller_work_continues()
    {
        var gate = new ImageScheduler(width: 4, memory: 100_000_000);
        ImagePriority bulk = gate.TakePriority(isUrgent: false), urgent = gate.TakePriority(isUrgent: true);
        var order = new ConcurrentQueue<string>();
        TaskCompletionSource first = new(), second = new();

        Task[] heavy =
        [
            Run("first", 60, bulk, first.Task), Run("more than all", 900, bulk, second.Task), Run("fits beside the first", 40, bulk),
            Run("urgent", 60, urgent),
        ];
        await Eventually.Async(() => order.Contains("first"));
        await Run("light", 30, bulk);
        Assert.Equal(["first", "light"], order);

        first.SetResult();
        await Eventually.Async(() => order.Contains("more than all"));
        await Run("light again", 30, bulk);
        Assert.Equal(["first", "light", "urgent", "more than all", "light again"], order);

        second.SetResult();
        await Task.WhenAll(heavy);

        Task Run(string name, long megabytes, ImagePriority turn, Task? until = null) => gate.RunAsync(
            async () =>
            {
                order.Enqueue(name);
                await (until ?? Task.CompletedTask);
                return true;
            },
            new ImageCost(megabytes * 1_000_000, TimeSpan.Zero),
            turn,
            Token);
    }

    [Fact]
    public async Task Work_that_is_canceled_while_waiting_for_memory_does_not_block_the_next()
    {
        var gate = new ImageScheduler(width: 4, memory: 100_000_000);
        var turn = gate.TakePriority(isUrgent: false);
        var open = new TaskCompletionSource<int>();
        using var canceled = new CancellationTokenSource();
        var first = gate.RunAsync(() => open.Task, new ImageCost(60_000_000, TimeSpan.Zero), turn, Token);
        var tooHeavy = gate.RunAsync(() => Task.FromResult(2), new ImageCost(60_000_000, TimeSpan.Zero), turn, canceled.Token);
        var behind = gate.RunAsync(() => Task.FromResult(3), new ImageCost(40_000_000, TimeSpan.Zero), turn, Token);

        Assert.False(behind.IsCompleted);
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tooHeavy);
        Assert.Equal(3, await behind);
        open.SetResult(1);
        await first;
        Assert.Equal(4, await gate.RunAsync(() => Task.FromResult(4), new ImageCost(100_000_000, TimeSpan.Zero), turn, Token));
    }

    [Fact]
    public async Task Callers_take_turns_by_what_their_images_cost()
    {
        var gate = new ImageScheduler(width: 1);
        ImagePriority alice = gate.TakePriority(isUrgent: true) with { Caller = "alice" };
        ImagePriority bob = gate.TakePriority(isUrgent: false) with { Caller = "bob" };
        var order = new ConcurrentQueue<string>();
        using var open = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var first = gate.RunAsync(() => { entered.Set(); return open.Wait(TimeSpan.FromMinutes(1)); }, Free, alice, Token);
        entered.Wait(Token);

        Task[] waiting =
        [
            .. Enumerable.Range(1, 3).Select(i => Run($"alice {i}", alice, seconds: 0.2)),
            .. Enumerable.Range(1, 6).Select(i => Run($"bob {i}", bob, seconds: 0.1)),
        ];
        open.Set();
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal(["alice 1", "bob 1", "bob 2", "alice 2", "bob 3", "bob 4", "alice 3", "bob 5", "bob 6"], order);

        Task Run(string name, ImagePriority turn, double seconds) => gate.RunAsync(
            () =>
            {
                order.Enqueue(name);
                return true;
            },
            new ImageCost(0, TimeSpan.FromSeconds(seconds)),
            turn,
            Token);
    }

    [Fact]
    public async Task Short_work_does_not_wait_for_long_work_that_uses_all_threads()
    {
        var gate = new ImageScheduler(width: 2);
        var turn = gate.TakePriority(isUrgent: false);
        using var open = new ManualResetEventSlim();
        Task[] busy = [.. Enumerable.Range(0, 3).Select(_ => gate.RunAsync(() => open.Wait(TimeSpan.FromMinutes(1)), Long, turn, Token))];

        Assert.Equal(1, await gate.RunAsync(() => 1, Free, turn, Token));
        Assert.Equal(2, await gate.RunAsync(() => 2, Free, turn, Token));
        Assert.DoesNotContain(busy, task => task.IsCompleted);

        open.Set();
        await Task.WhenAll(busy);
    }
}
