using ImageResize.Core.Quotas;

namespace ImageResize.Core.Watches.Seen;

/// <summary>What this instance knows about a watch: its stored state and the images that were seen, so that a pass reads neither.</summary>
internal sealed class WatchMemory(string watch, IWatchStore store)
{
    /// <summary>Listings and events of one watch take turns in this process.</summary>
    private readonly KeyedSlots<string> _turns = new(slots: 1);

    public SeenImages Seen { get; } = new();

    /// <summary>As this instance has read or written it last.</summary>
    public WatchState State { get; private set; } = new(watch);

    /// <summary>How often the images were read, because another instance had written some.</summary>
    public int Reads { get; private set; }

    public Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken) => _turns.TakeAsync(watch, cancellationToken);

    /// <summary>Reads the state, and the images if another instance has replaced the state since.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var state = await store.GetAsync(watch, cancellationToken);
        if (Reads > 0 && state.Version == State.Version)
        {
            return;
        }

        // The images are at least as new as the state. Whoever writes more than that replaces the state first.
        for (var shard = 0; shard < SeenImages.Shards; shard++)
        {
            Seen.Read(shard, []);
        }

        await foreach (var (shard, hashes) in store.ReadSeenAsync(watch, cancellationToken))
        {
            Seen.Read(shard, hashes);
        }

        (State, Reads) = (state, Reads + 1);
    }

    /// <returns>False if another instance has replaced the state since it was read.</returns>
    public async Task<bool> TryReplaceAsync(WatchState next, WatchChange change, CancellationToken cancellationToken)
    {
        if (await store.TryReplaceAsync(next with { Version = State.Version }, change, cancellationToken) is not { } stored)
        {
            return false;
        }

        State = stored;
        foreach (var (shard, hashes) in change.Seen)
        {
            Seen.Read(shard, hashes);
        }

        return true;
    }
}
