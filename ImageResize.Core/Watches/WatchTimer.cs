using System.Collections.Concurrent;
using ImageResize.Core.Watches.Settings;

namespace ImageResize.Core.Watches;

/// <summary>Lists the watches whose interval has passed, when a timer asks for it.</summary>
public sealed class WatchTimer(WatchList watches, WatchRun run, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (WatchTimes Times, long ListedAt)> _last = new();

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(watches.All.Where(IsDue).Select(watch => RunAsync(watch, cancellationToken)));

    /// <summary>Submits and counts the batches of watches that rely on events, which may have had none for some time.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var watch in watches.All.Where(watch => watch.Interval == TimeSpan.Zero))
        {
            await run.SubmitAsync(watch, [], cancellationToken);
        }
    }

    private bool IsDue(Watch watch) => watch.Interval > TimeSpan.Zero
        && (!_last.TryGetValue(watch.Name, out var last) || clock.GetElapsedTime(last.ListedAt) >= watch.Interval);

    private async Task RunAsync(Watch watch, CancellationToken cancellationToken)
    {
        var times = _last.TryGetValue(watch.Name, out var last) ? last.Times : new WatchTimes();
        _last[watch.Name] = (times, clock.GetTimestamp());
        await run.RunOnceAsync(watch, times, cancellationToken);
    }
}
