using ImageResize.Core.Sources;
using ImageResize.Core.Watches.Seen;
using ImageResize.Core.Watches.Settings;

namespace ImageResize.Core.Watches;

/// <summary>Lists a watched container or folder once, and submits the images that were not seen before.</summary>
public sealed class WatchPass(SourceReader sources, WatchClaims claims)
{
    /// <summary>New images that are collected before they are submitted.</summary>
    private const int MaxCollected = 10_000;

    /// <summary>Images that are seen but not listed any more, above the number of listed ones, before they are forgotten.</summary>
    private const int MaxForgotten = 1_000;

    private const int ShardsAtOnce = 16;

    /// <exception cref="Errors.RefusedException">The source is missing or not allowed, or a batch was refused.</exception>
    public async Task RunAsync(Watch watch, CancellationToken cancellationToken)
    {
        var memory = claims.MemoryOf(watch);
        if (memory.Reads == 0)
        {
            using var turn = await memory.TakeTurnAsync(cancellationToken);
            await memory.RefreshAsync(cancellationToken);
        }

        var (reads, seenBefore, listed) = (memory.Reads, memory.Seen.Count, new HashSet<UInt128>());
        var found = new List<ListedImage>();
        await foreach (var image in sources.GetFolderSource(watch.Source).ListVersionsAsync(watch.Source, cancellationToken))
        {
            var hash = ImageHash.Of(image);
            listed.Add(hash);
            if (!memory.Seen.Contains(hash))
            {
                found.Add(image);
            }

            if (found.Count == MaxCollected)
            {
                await claims.SubmitNewAsync(watch, found, cancellationToken);
                found.Clear();
            }
        }

        if (found.Count > 0)
        {
            await claims.SubmitNewAsync(watch, found, cancellationToken);
        }

        // Images that another instance has seen during this listing may be missing from it.
        if (seenBefore > (2 * listed.Count) + MaxForgotten && memory.Reads == reads)
        {
            await ForgetAsync(memory, listed, cancellationToken);
        }
    }

    /// <summary>Forgets images that were deleted or overwritten.</summary>
    private static async Task ForgetAsync(WatchMemory memory, HashSet<UInt128> listed, CancellationToken cancellationToken)
    {
        using var turn = await memory.TakeTurnAsync(cancellationToken);
        foreach (var shards in Enumerable.Range(0, SeenImages.Shards).Chunk(ShardsAtOnce))
        {
            var change = new WatchChange { Seen = shards.ToDictionary(shard => shard, shard => memory.Seen.Write(shard, listed)) };
            if (!await memory.TryReplaceAsync(memory.State, change, cancellationToken))
            {
                return;
            }
        }
    }
}
