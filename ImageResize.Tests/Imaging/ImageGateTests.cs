using System.Collections.Concurrent;
using ImageResize.Core.Imaging;

namespace ImageResize.Tests.Imaging;

public sealed class ImageGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Urgent_work_goes_before_what_waits_already()
    {
        var gate = new ImageGate(width: 1);
        var order = new ConcurrentQueue<string>();
        using var open = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();

        var first = Run("first", isUrgent: false, () => { entered.Set(); open.Wait(Token); });
        entered.Wait(Token);
        Task[] waiting = [Run("bulk 1", isUrgent: false), Run("bulk 2", isUrgent: false), Run("urgent", isUrgent: true)];
        open.Set();
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal(["first", "urgent", "bulk 1", "bulk 2"], order);

        Task Run(string name, bool isUrgent, Action? work = null) => gate.RunAsync(
            () =>
            {
                order.Enqueue(name);
                work?.Invoke();
                return true;
            },
            isUrgent,
            Token);
    }

    [Fact]
    public async Task No_more_work_runs_at_once_than_the_gate_is_wide()
    {
        var gate = new ImageGate(width: 2);
        var (running, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => gate.RunAsync(
            () =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                Thread.Sleep(1);
                Interlocked.Decrement(ref running);
                return i;
            },
            isUrgent: i % 2 == 0,
            Token)));

        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Who_is_canceled_while_waiting_takes_no_place()
    {
        var gate = new ImageGate(width: 1);
        using var open = new ManualResetEventSlim();
        using var canceled = new CancellationTokenSource();
        var first = gate.RunAsync(() => { open.Wait(Token); return 1; }, isUrgent: false, Token);
        var second = gate.RunAsync(() => 2, isUrgent: true, canceled.Token);

        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        open.Set();
        await first;

        Assert.Equal(3, await gate.RunAsync(() => 3, isUrgent: false, Token));
    }
}
