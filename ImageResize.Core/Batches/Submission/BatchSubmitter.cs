using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Batches.Submission;

/// <summary>
/// Stores batches and queues their messages. The order makes every stored batch end, even if the process ends in between: first the watch
/// message, with a delay; then the rows, the header last; then the messages of the slices, which have no effect without their rows.
/// </summary>
public sealed partial class BatchSubmitter(
    IJobStore jobs,
    IMessageQueue queue,
    Admission admission,
    IdGenerator ids,
    IOptions<BatchOptions> options,
    ILogger<BatchSubmitter> logger)
{
    public static readonly TimeSpan FirstWatchDelay = TimeSpan.FromSeconds(5);

    /// <summary>The most jobs that a request stores directly. Larger folders are listed by the queue.</summary>
    public const int MaxDirectJobs = 2_000;

    private const int ParallelSends = 8;

    public Batch NewBatch() => new(ids.NewBatch()) { Caller = CurrentCaller.Name };

    public Task<Batch> SubmitAsync(Job job, CancellationToken cancellationToken) => SubmitAsync(NewBatch(), [job], cancellationToken);

    /// <param name="batch">A new batch with the values that its caller gave it.</param>
    public Task<Batch> SubmitAsync(Batch batch, IReadOnlyList<Job> toDo, CancellationToken cancellationToken) =>
        SubmitNumberedAsync(batch with { IsSingle = toDo.Count == 1 }, toDo, cancellationToken);

    /// <summary>
    /// Submits jobs that have numbers even if there is only one, so that a watch message follows them and they run even if the process ends
    /// in between.
    /// </summary>
    /// <inheritdoc cref="SubmitAsync(Batch, IReadOnlyList{Job}, CancellationToken)"/>
    public async Task<Batch> SubmitNumberedAsync(Batch batch, IReadOnlyList<Job> toDo, CancellationToken cancellationToken)
    {
        batch = batch with { Total = toDo.Count, SliceSize = SliceSizes.For(toDo.Count) };
        var slices = Slice.Cut(toDo, batch.SliceSize)
            .Select(slice => slice with { IsSingle = batch.IsSingle, IsUnwatched = !batch.IsWatched })
            .ToList();
        var work = toDo.Aggregate(default(Workload), (sum, job) => sum + JobEstimate.Of(job));

        await AdmitAsync(batch, work, () => StoreAsync(batch, slices, cancellationToken), cancellationToken);
        WorkMetrics.CountAccepted(toDo.Count);
        LogSubmitted(batch.Id, toDo.Count, slices.Count);

        return batch;
    }

    /// <summary>Makes a job of each image in a folder.</summary>
    /// <returns>The batch, and the number of images in the folder; null for more than <see cref="MaxDirectJobs"/>, not counted.</returns>
    /// <exception cref="RefusedException">The folder is missing, not allowed, or contains too many images.</exception>
    public async Task<(Batch Batch, int? Images)> SubmitFolderAsync(
        IFolderSource source,
        SourceUri folder,
        JobActions actions,
        CancellationToken cancellationToken)
    {
        var first = new List<Job>();
        var images = 0;
        IReadOnlyList<SkippedFiles> skipped = [];
        await foreach (var file in source.ListAsync(folder, after: null, cancellationToken))
        {
            if (file.SkipReason is { } reason)
            {
                skipped = SkippedFiles.Add(skipped, file.Source, reason);
                continue;
            }

            if (++images > options.Value.MaxFolderImages)
            {
                throw new RefusedException(
                    ErrorCode.SourceTooLarge,
                    $"The folder holds more than {options.Value.MaxFolderImages} images");
            }

            if (images <= MaxDirectJobs)
            {
                first.Add(new Job(file.Source, actions));
            }
            else if (!source.CountsQuickly)
            {
                break;
            }
        }

        if (images <= MaxDirectJobs)
        {
            return (await SubmitNumberedAsync(NewBatch() with { IsListed = true, Skipped = skipped }, first, cancellationToken), images);
        }

        var work = BatchEstimate.OfUnknown(actions, source.CountsQuickly ? images : null);
        var batch = await SubmitListingAsync(NewBatch() with { IsListed = true }, new Listing(folder, actions), work, cancellationToken);

        return (batch, source.CountsQuickly ? images : null);
    }

    /// <summary>Submits a batch whose jobs are listed by the queue.</summary>
    /// <param name="work">As estimated, because the jobs are not known yet.</param>
    /// <exception cref="RefusedException">The caller has too much open work.</exception>
    public async Task<Batch> SubmitListingAsync(Batch batch, Listing listing, Workload work, CancellationToken cancellationToken)
    {
        batch = batch with { Listing = listing, SliceSize = SliceSizes.Block };
        await AdmitAsync(batch, work, () => StoreListingAsync(batch, cancellationToken), cancellationToken);
        LogListing(batch.Id, listing.Folder?.ToString() ?? (listing.FailedOf is null ? "a manifest" : "failed jobs"));

        return batch;
    }

    /// <summary>
    /// Sends the message of each slice. Not canceled when the program stops or the caller disconnects: the slices are stored, and without
    /// messages they would wait until the batch's watch finds them idle.
    /// </summary>
    internal Task QueueSlicesAsync(Batch batch, IReadOnlyList<Slice> slices) =>
        Parallel.ForEachAsync(
            slices,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSends },
            async (slice, token) =>
            {
                var message = MessageOf(batch, slice);
                await queue.SendAsync(message, admission.GetDelay(message), token);
            });

    internal Task ContinueListingAsync(ListMessage message, CancellationToken cancellationToken) =>
        queue.SendAsync(message with { Trace = Activity.Current?.Id }, TimeSpan.Zero, cancellationToken);

    private async Task StoreListingAsync(Batch batch, CancellationToken cancellationToken)
    {
        await QueueWatchAsync(batch, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();

        // Not canceled from here on: what storage has added needs messages.
        await jobs.AddAsync(batch, [], CancellationToken.None);
        await ContinueListingAsync(new ListMessage(batch.Id) { Caller = batch.Caller }, CancellationToken.None);
    }

    private async Task StoreAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken)
    {
        if (batch.IsWatched)
        {
            await QueueWatchAsync(batch, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();

        // Not canceled from here on: slices that storage has added need messages.
        await jobs.AddAsync(batch, slices, CancellationToken.None);
        await QueueSlicesAsync(batch, slices);
    }

    private async Task AdmitAsync(Batch batch, Workload work, Func<Task> store, CancellationToken cancellationToken)
    {
        await admission.AdmitAsync(batch, work, cancellationToken);
        try
        {
            await store();
        }
        catch
        {
            admission.Withdraw(batch);
            throw;
        }
    }

    private Task QueueWatchAsync(Batch batch, CancellationToken cancellationToken) =>
        queue.SendAsync(
            new WatchMessage(batch.Id) { Trace = Activity.Current?.Id, Caller = batch.Caller }, FirstWatchDelay, cancellationToken);

    /// <summary>A job that has failed before may crash a worker, so the slices of a retry are suspect.</summary>
    private static SliceMessage MessageOf(Batch batch, Slice slice) => new(batch.Id, slice.Number)
    {
        Priority = batch.Priority,
        Caller = batch.Caller,
        IsSuspect = batch.RetryOf is not null,
        IsRemote = slice.IsRemote,
        Trace = Activity.Current?.Id,
    };

    [LoggerMessage(
        3013,
        LogLevel.Information,
        "Batch {BatchId} was submitted: {Jobs} jobs in {Slices} slices",
        EventName = "BatchSubmitterSubmitted")]
    private partial void LogSubmitted(BatchId batchId, int jobs, int slices);

    [LoggerMessage(
        3014,
        LogLevel.Information,
        "Batch {BatchId} was submitted: the queue lists {Folder}",
        EventName = "BatchSubmitterListing")]
    private partial void LogListing(BatchId batchId, string folder);
}
