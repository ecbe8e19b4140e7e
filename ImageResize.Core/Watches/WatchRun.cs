using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Watches.Seen;
using ImageResize.Core.Watches.Settings;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Watches;

/// <summary>
/// Runs the passes of a watch by listing. Of all instances, the one that holds the lease lists. The lease only saves listings: two
/// instances that list at the same time still process each image once.
/// </summary>
public sealed partial class WatchRun(
    IWatchStore store, WatchPass pass, WatchClaims claims, WatchBatches batches, TimeProvider clock, ILogger<WatchRun> logger)
{
    /// <summary>The time after which another process takes over the watches of one that has ended.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SettleInterval = TimeSpan.FromSeconds(5);

    /// <summary>While no batch is known to be open. Another instance, which has ended, may have left one.</summary>
    private static readonly TimeSpan IdleSettleInterval = TimeSpan.FromSeconds(60);

    private readonly string _instance = $"{Environment.MachineName}-{Guid.NewGuid():N}";

    /// <summary>Lists once, if this instance holds the lease or can get it.</summary>
    /// <returns>Whether it holds the lease.</returns>
    public async Task<bool> RunOnceAsync(Watch watch, WatchTimes times, CancellationToken cancellationToken)
    {
        if (IsDue(times.OwnedAt, Lease / 3))
        {
            var isOwner = await store.TryOwnAsync(watch.Name, _instance, Lease, cancellationToken);
            times.OwnedAt = isOwner ? clock.GetTimestamp() : null;
        }

        if (times.OwnedAt is null)
        {
            return false;
        }

        try
        {
            if (IsDue(times.SettledAt, times.HasOpen ? SettleInterval : IdleSettleInterval))
            {
                await SettleAsync(watch, times, cancellationToken);
            }

            if (!times.IsRefused)
            {
                var found = claims.MemoryOf(watch).State.Found;
                var started = Stopwatch.GetTimestamp();
                await pass.RunAsync(watch, cancellationToken);
                WatchMetrics.RecordPass(watch.Name, started);
                times.HasOpen |= claims.MemoryOf(watch).State.Found > found;
                await SetErrorAsync(watch, error: null, cancellationToken);
            }
        }
        catch (RefusedException refusal)
        {
            times.IsRefused = times.HasOpen = true;
            WatchMetrics.CountFault(watch.Name);
            LogRefused(watch.Name, refusal.Message);
            await SetErrorAsync(watch, refusal.Message, cancellationToken);
        }

        return true;
    }

    /// <summary>Submits images that events have announced, whichever instance holds the lease.</summary>
    public async Task SubmitAsync(Watch watch, IReadOnlyCollection<ListedImage> found, CancellationToken cancellationToken)
    {
        try
        {
            await claims.SubmitNewAsync(watch, found, cancellationToken);
            await SettleAsync(watch, new WatchTimes(), cancellationToken);
            await SetErrorAsync(watch, error: null, cancellationToken);
        }
        catch (RefusedException refusal)
        {
            // The images are claimed: a later call submits them.
            WatchMetrics.CountFault(watch.Name);
            LogRefused(watch.Name, refusal.Message);
            await SetErrorAsync(watch, refusal.Message, cancellationToken);
        }
    }

    /// <summary>Submits batches that were left, and counts those that have ended.</summary>
    public async Task SettleAsync(Watch watch, WatchTimes times, CancellationToken cancellationToken)
    {
        var (open, hasPending) = await batches.SettleAsync(watch, claims.MemoryOf(watch), cancellationToken);
        (times.HasOpen, times.IsRefused, times.SettledAt) = (open > 0, times.IsRefused && hasPending, clock.GetTimestamp());
    }

    /// <summary>Lets another instance continue at once.</summary>
    public Task ReleaseAsync(Watch watch, CancellationToken cancellationToken) =>
        store.ReleaseAsync(watch.Name, _instance, cancellationToken);

    private bool IsDue(long? last, TimeSpan interval) => last is null || clock.GetElapsedTime(last.Value) >= interval;

    /// <summary>Stores the message only when it changes, so that an idle pass writes nothing.</summary>
    private async Task SetErrorAsync(Watch watch, string? error, CancellationToken cancellationToken)
    {
        var memory = claims.MemoryOf(watch);
        if (memory.Reads > 0 && memory.State.Error == error)
        {
            return;
        }

        using var turn = await memory.TakeTurnAsync(cancellationToken);
        await memory.RefreshAsync(cancellationToken);
        if (memory.State.Error != error)
        {
            var next = memory.State with { Error = error, ErrorAt = error is null ? null : clock.GetUtcNow() };
            await memory.TryReplaceAsync(next, new WatchChange(), cancellationToken);
        }
    }

    [LoggerMessage(13003, LogLevel.Warning, "Watch {Watch}: {Reason}", EventName = "WatchRunRefused")]
    private partial void LogRefused(string watch, string reason);
}

/// <summary>The times and outcomes of this process's last steps for a watch.</summary>
public sealed class WatchTimes
{
    /// <summary>When the lease was renewed; null while another instance holds it.</summary>
    internal long? OwnedAt { get; set; }

    internal long? SettledAt { get; set; }

    /// <summary>Whether batches have not ended.</summary>
    internal bool HasOpen { get; set; }

    /// <summary>Whether a batch was refused. Until it is submitted, the source is not listed.</summary>
    internal bool IsRefused { get; set; }
}
