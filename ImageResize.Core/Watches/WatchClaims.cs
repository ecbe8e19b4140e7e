using System.Collections.Concurrent;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources;
using ImageResize.Core.Watches.Seen;
using ImageResize.Core.Watches.Settings;

namespace ImageResize.Core.Watches;

/// <summary>
/// Claims images that were found, and submits them as batches. One transaction marks the images as seen and stores them with the id of
/// their batch, so that no image is missed or processed twice, whichever instance ends in between: <see cref="WatchBatches"/> submits the
/// batches that are left.
/// </summary>
public sealed class WatchClaims(IWatchStore store, WatchBatches batches, IdGenerator ids, TimeProvider clock)
{
    /// <summary>A transaction can have 4 MiB, of which base64 takes a quarter.</summary>
    private const int MaxShardBytes = 2_000_000;

    /// <summary>The images are stored in one row.</summary>
    private const int MaxNameCharacters = 400_000;

    /// <summary>
    /// Images per shard that a watch by events remembers: 128,000 or more in all. An event is repeated for a day at most, and without
    /// listings nothing tells which images exist.
    /// </summary>
    private const int MaxByEvents = 4_000;

    private readonly ConcurrentDictionary<string, WatchMemory> _memories = new();

    internal WatchMemory MemoryOf(Watch watch) => _memories.GetOrAdd(watch.Name, name => new WatchMemory(name, store));

    /// <summary>Submits those images that were not seen before.</summary>
    /// <exception cref="Errors.RefusedException">A batch was refused. Its images are submitted later.</exception>
    public async Task SubmitNewAsync(Watch watch, IReadOnlyCollection<ListedImage> found, CancellationToken cancellationToken)
    {
        var memory = MemoryOf(watch);
        using var turn = await memory.TakeTurnAsync(cancellationToken);
        while (true)
        {
            await memory.RefreshAsync(cancellationToken);
            var claimed = Choose(memory.Seen, found);
            if (claimed.Count == 0)
            {
                return;
            }

            CurrentCaller.Set(watch.Caller);
            var batch = new WatchBatch(ids.NewBatch(), [.. claimed.Select(image => image.Image.Source)]);
            var next = memory.State with { Found = memory.State.Found + claimed.Count, LastSeenAt = clock.GetUtcNow() };
            var change = new WatchChange { Seen = Write(watch, memory.Seen, claimed), Added = batch };
            if (await memory.TryReplaceAsync(next, change, cancellationToken))
            {
                WatchMetrics.CountFound(watch.Name, claimed.Count);
                await batches.SubmitAsync(watch, batch, cancellationToken);
            }
        }
    }

    /// <summary>Chooses as many new images as fit into one batch and one transaction.</summary>
    private static List<(ListedImage Image, UInt128 Hash)> Choose(SeenImages seen, IReadOnlyCollection<ListedImage> found)
    {
        var chosen = new List<(ListedImage Image, UInt128 Hash)>();
        var (bytes, characters) = (0, 0);
        var byShard = found.Select(image => (Image: image, Hash: ImageHash.Of(image)))
            .Where(image => !seen.Contains(image.Hash))
            .DistinctBy(image => image.Hash)
            .GroupBy(image => SeenImages.ShardOf(image.Hash));
        foreach (var shard in byShard)
        {
            var size = seen.SizeOf(shard.Key, shard.Count());
            if (chosen.Count > 0 && bytes + size > MaxShardBytes)
            {
                break;
            }

            bytes += size;
            foreach (var image in shard)
            {
                characters += image.Image.Source.Unredacted.Length;
                if (chosen.Count == BatchSubmitter.MaxDirectJobs || (chosen.Count > 0 && characters > MaxNameCharacters))
                {
                    return Sort(chosen);
                }

                chosen.Add(image);
            }
        }

        return Sort(chosen);
    }

    private static List<(ListedImage Image, UInt128 Hash)> Sort(List<(ListedImage Image, UInt128 Hash)> images) =>
        [.. images.OrderBy(image => image.Image.Source.Unredacted, StringComparer.Ordinal)];

    private static Dictionary<int, byte[]> Write(Watch watch, SeenImages seen, List<(ListedImage Image, UInt128 Hash)> added)
    {
        var written = new Dictionary<int, byte[]>();
        foreach (var shard in added.GroupBy(image => SeenImages.ShardOf(image.Hash), image => image.Hash))
        {
            written.Add(shard.Key, seen.Write(shard.Key, shard, watch.Interval == TimeSpan.Zero ? MaxByEvents : int.MaxValue));
        }

        return written;
    }
}
