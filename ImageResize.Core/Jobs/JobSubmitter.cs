using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>
/// Turns what a caller asks for into stored jobs and messages. The watch goes first and waits, then the rows, the header last: so a batch that
/// is there has a watch, and whatever dies on the way, it ends. A slice's message without its rows would be lost work, so these come last.
/// </summary>
public sealed partial class JobSubmitter(
    IJobStore jobs,
    IJobQueue queue,
    IdMaker ids,
    IOptions<JobsOptions> options,
    ILogger<JobSubmitter> logger)
{
    /// <summary>What one request lists and stores by itself; a larger folder is listed by the queue.</summary>
    internal const int MostDirectJobs = 2_000;

    private const int ParallelPuts = 8;

    public Batch NewBatch() => new(ids.NewBatch());

    public Task<Batch> SubmitAsync(Job job, CancellationToken cancellationToken) => SubmitAsync(NewBatch(), [job], cancellationToken);

    /// <param name="asked">A new batch, with what its caller said of it; of one job, it is that job.</param>
    public Task<Batch> SubmitAsync(Batch asked, IReadOnlyList<Job> toDo, CancellationToken cancellationToken) =>
        SubmitNumberedAsync(asked with { IsSingle = toDo.Count == 1 }, toDo, cancellationToken);

    /// <summary>Makes a job of every image in the folder.</summary>
    /// <returns>The batch, and how many images the folder holds now; null for more than <see cref="MostDirectJobs"/>, not counted.</returns>
    /// <exception cref="RefusedException">The folder is missing, not allowed, or holds too many images.</exception>
    public async Task<(Batch Batch, int? Images)> SubmitFolderAsync(
        IFolderSource source,
        string folder,
        JobActions actions,
        CancellationToken cancellationToken)
    {
        var first = new List<Job>();
        var images = 0;
        await foreach (var image in source.ListAsync(folder, after: null, cancellationToken))
        {
            if (++images > options.Value.MaxFolderImages)
            {
                throw new RefusedException(
                    ErrorCode.SourceTooLarge,
                    $"The folder holds more than {options.Value.MaxFolderImages} images");
            }

            if (images <= MostDirectJobs)
            {
                first.Add(new Job(image, actions));
            }
            else if (!source.CountsQuickly)
            {
                break;
            }
        }

        if (images <= MostDirectJobs)
        {
            return (await SubmitNumberedAsync(NewBatch(), first, cancellationToken), images);
        }

        var batch = await SubmitAsync(NewBatch(), new Listing(folder, actions), cancellationToken);

        return (batch, source.CountsQuickly ? images : null);
    }

    /// <summary>Leaves it to the queue to find the batch's jobs.</summary>
    public async Task<Batch> SubmitAsync(Batch asked, Listing listing, CancellationToken cancellationToken)
    {
        var batch = asked with { Listing = listing, SliceSize = SliceSizes.Block };

        await queue.PutAsync(Message(WorkKind.Watch, batch), BatchWatch.FirstDelay, cancellationToken);
        await jobs.AddAsync(batch, [], cancellationToken);
        await queue.PutAsync(Message(WorkKind.List, batch) with { Lane = WorkLane.Bulk }, TimeSpan.Zero, cancellationToken);
        LogListing(batch.Id, listing.Folder ?? (listing.FailedOf is null ? "a manifest" : "failed jobs"));

        return batch;
    }

    /// <summary>Puts a message for each slice, some at a time: each is a round trip to storage.</summary>
    internal Task PutAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            slices,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelPuts, CancellationToken = cancellationToken },
            async (slice, token) =>
                await queue.PutAsync(MessageOf(batch, slice), TimeSpan.Zero, token));

    private async Task<Batch> SubmitNumberedAsync(Batch asked, IReadOnlyList<Job> toDo, CancellationToken cancellationToken)
    {
        var batch = asked with { Total = toDo.Count, SliceSize = SliceSizes.For(toDo.Count) };
        var slices = Slice.Cut(toDo, batch.SliceSize)
            .Select(slice => slice with { IsSingle = batch.IsSingle, IsUnwatched = !batch.IsWatched })
            .ToList();

        if (batch.IsWatched)
        {
            await queue.PutAsync(Message(WorkKind.Watch, batch), BatchWatch.FirstDelay, cancellationToken);
        }

        await jobs.AddAsync(batch, slices, cancellationToken);
        await PutAsync(batch, slices, cancellationToken);
        WorkMeter.CountAccepted(toDo.Count);
        LogSubmitted(batch.Id, toDo.Count, slices.Count);

        return batch;
    }

    /// <summary>A job that has failed before may be one that a process dies of.</summary>
    private static WorkMessage MessageOf(Batch batch, Slice slice) => Message(WorkKind.Slice, batch) with
    {
        Slice = slice.Number,
        Lane = batch.Lane,
        Round = batch.RetryOf is null ? 0 : 1,
    };

    private static WorkMessage Message(WorkKind kind, Batch batch) => new(kind, batch.Id, Trace: Activity.Current?.Id);

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} was submitted: {Jobs} jobs in {Slices} slices")]
    private partial void LogSubmitted(BatchId batchId, int jobs, int slices);

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} was submitted: the queue lists {Folder}")]
    private partial void LogListing(BatchId batchId, string folder);
}
