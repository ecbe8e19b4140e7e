using ImageResize.Core.Batches;
using ImageResize.Core.Watches.Seen;
using ImageResize.Core.Watches.Settings;

namespace ImageResize.Core.Watches;

/// <summary>Reads what watches have found and done.</summary>
public sealed class WatchQueries(WatchList watches, IWatchStore store, BatchQueries batches)
{
    /// <summary>The images of further batches are counted when these have ended.</summary>
    private const int MaxRead = 20;

    /// <param name="filter">Selects watches.</param>
    public async Task<IReadOnlyList<WatchStatus>> ListAsync(Func<Watch, bool> filter, CancellationToken cancellationToken) =>
        await Task.WhenAll(watches.All.Where(filter).Select(watch => ReadAsync(watch, cancellationToken)));

    /// <summary>A batch that is counted between the two reads is missing from both, and never counted twice.</summary>
    private async Task<WatchStatus> ReadAsync(Watch watch, CancellationToken cancellationToken)
    {
        var state = await store.GetAsync(watch.Name, cancellationToken);
        var open = await store.ListBatchesAsync(watch.Name, cancellationToken);
        foreach (var batch in open.Where(batch => batch.Pending is null).Take(MaxRead))
        {
            state = state.Add((await batches.FindBatchAsync(batch.Id, cancellationToken))?.Counts ?? default);
        }

        return new WatchStatus(watch, state, open.Count);
    }
}

/// <param name="State">Includes the counts of batches that have not ended.</param>
/// <param name="OpenBatches">The number of batches that have not ended.</param>
public sealed record WatchStatus(Watch Watch, WatchState State, int OpenBatches);
