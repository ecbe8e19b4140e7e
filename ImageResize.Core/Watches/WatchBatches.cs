using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Watches.Seen;
using ImageResize.Core.Watches.Settings;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Watches;

/// <summary>Submits the batches of watches, and adds the counts of those that have ended to the watch's state.</summary>
public sealed partial class WatchBatches(
    IWatchStore store,
    IJobStore jobs,
    BatchSubmitter submitter,
    BatchQueries queries,
    IdGenerator ids,
    ILogger<WatchBatches> logger)
{
    /// <summary>After this time, a batch that does not exist was not submitted: its instance has ended, or storage has failed.</summary>
    private static readonly TimeSpan SubmissionTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Ended batches are counted a few at a time, the oldest first.</summary>
    private const int MaxSettled = 50;

    /// <summary>Submits a claimed batch.</summary>
    /// <exception cref="RefusedException">The batch was refused, for example because its caller has too much open work.</exception>
    internal async Task SubmitAsync(Watch watch, WatchBatch claimed, CancellationToken cancellationToken)
    {
        CurrentCaller.Set(watch.Caller);
        var batch = new Batch(claimed.Id) { Caller = watch.Caller, Name = watch.Name, Callback = watch.Callback, IsListed = true };
        List<Job> toDo = [.. claimed.Pending!.Select(source => new Job(source, watch.Actions))];
        await submitter.SubmitNumberedAsync(batch, toDo, cancellationToken);
        await store.MarkSubmittedAsync(watch.Name, claimed.Id, cancellationToken);
        LogSubmitted(claimed.Id, watch.Name, toDo.Count);
    }

    /// <summary>Submits batches that were left, and counts those that have ended.</summary>
    /// <returns>How many batches have not ended, and whether some of them are not submitted yet.</returns>
    /// <exception cref="RefusedException">A batch was refused.</exception>
    internal async Task<(int Open, bool HasPending)> SettleAsync(Watch watch, WatchMemory memory, CancellationToken cancellationToken)
    {
        var batches = await store.ListBatchesAsync(watch.Name, cancellationToken);
        var (ended, hasPending) = (0, false);
        foreach (var batch in batches.Take(MaxSettled))
        {
            if (batch.Pending is not null)
            {
                hasPending |= !await ResumeAsync(watch, memory, batch, cancellationToken);
            }
            else if (await TryCountAsync(memory, batch.Id, cancellationToken))
            {
                ended++;
            }
        }

        return (batches.Count - ended, hasPending);
    }

    /// <returns>Whether the batch is submitted.</returns>
    private async Task<bool> ResumeAsync(Watch watch, WatchMemory memory, WatchBatch batch, CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(batch.Id, cancellationToken) is not null)
        {
            await store.MarkSubmittedAsync(watch.Name, batch.Id, cancellationToken);

            return true;
        }

        if (batch.Age < SubmissionTimeout)
        {
            return false;
        }

        // With a new id, because some rows of the old one may be stored.
        CurrentCaller.Set(watch.Caller);
        var next = batch with { Id = ids.NewBatch() };
        using var turn = await memory.TakeTurnAsync(cancellationToken);
        await memory.RefreshAsync(cancellationToken);
        if (await memory.TryReplaceAsync(memory.State, new WatchChange { Added = next, Removed = batch.Id }, cancellationToken))
        {
            await SubmitAsync(watch, next, cancellationToken);

            return true;
        }

        return false;
    }

    /// <summary>A batch whose day was dropped has ended, but its counts are not known any more.</summary>
    private async Task<bool> TryCountAsync(WatchMemory memory, BatchId batch, CancellationToken cancellationToken)
    {
        var status = await queries.FindBatchAsync(batch, cancellationToken);
        if (status is { IsOver: false })
        {
            return false;
        }

        using var turn = await memory.TakeTurnAsync(cancellationToken);
        await memory.RefreshAsync(cancellationToken);

        var counts = status?.Counts ?? default;
        if (!await memory.TryReplaceAsync(memory.State.Add(counts), new WatchChange { Removed = batch }, cancellationToken))
        {
            return false;
        }

        WatchMetrics.CountFinished(memory.State.Watch, counts);

        return true;
    }

    [LoggerMessage(
        13001,
        LogLevel.Information,
        "Batch {BatchId} has {Images} images that the watch {Watch} has found",
        EventName = "WatchBatchesSubmitted")]
    private partial void LogSubmitted(BatchId batchId, string watch, int images);
}
