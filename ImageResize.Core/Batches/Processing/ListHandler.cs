using System.Runtime.CompilerServices;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Batches.Processing;

/// <summary>
/// Makes the slices of a large folder or a manifest, a few thousand jobs at a time. The header stores the progress of the listing in the
/// same transaction as the slices, so that a redelivered message continues where the last one stopped.
/// </summary>
public sealed partial class ListHandler(
    IJobStore jobs,
    BatchSubmitter submitter,
    ListingEnumerator listings,
    IOptions<BatchOptions> options,
    TimeProvider clock,
    ILogger<ListHandler> logger) : IMessageHandler<ListMessage>
{
    public async Task HandleAsync(ListMessage message, long dequeueCount, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (await jobs.FindBatchAsync(message.Batch, cancellationToken) is not { Listing: { } listing } batch)
        {
            return;
        }

        if (batch.IsCanceled)
        {
            await EndListingAsync(batch, cancellationToken);
            return;
        }

        // Items that are read now may name only what the batch's caller may use.
        CurrentCaller.Set(batch.Caller);
        try
        {
            await foreach (var chunk in ReadChunksAsync(batch, listing, cancellationToken))
            {
                if (await AddAsync(batch, chunk, cancellationToken) is not { } added)
                {
                    // Another worker has the same message, was faster, and continues the listing.
                    return;
                }

                batch = added;
                if (clock.GetElapsedTime(started).TotalSeconds > options.Value.SliceBudgetSeconds)
                {
                    await submitter.ContinueListingAsync(message, cancellationToken);
                    return;
                }
            }
        }
        catch (RefusedException refusal)
        {
            // The folder was removed during the listing: the batch consists of the jobs listed so far.
            LogRefused(batch.Id, refusal.Message);
        }

        if (batch.Listing!.Listed > options.Value.MaxFolderImages)
        {
            LogFull(batch.Id, options.Value.MaxFolderImages);
        }

        await EndListingAsync(batch, cancellationToken);
    }

    public async Task GiveUpAsync(ListMessage message, string reason, CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(message.Batch, cancellationToken) is { Listing: not null } batch)
        {
            await EndListingAsync(batch, cancellationToken);
        }
    }

    /// <summary>The batch consists of the jobs listed so far.</summary>
    private async Task EndListingAsync(Batch batch, CancellationToken cancellationToken)
    {
        var total = batch.Listing!.Listed;
        await jobs.TryAddSlicesAsync(batch with { Listing = null, Total = total }, [], cancellationToken);
        LogListed(batch.Id, total);
    }

    /// <summary>Reads whole slices, as many as a transaction takes. Only the last slice can be smaller.</summary>
    private async IAsyncEnumerable<ListedChunk> ReadChunksAsync(
        Batch batch,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var max = options.Value.MaxFolderImages;
        var chunk = new ListedChunk(listing, batch.Skipped);
        var steps = listings.ListAsync(batch.Id, listing, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (steps)
        {
            while (chunk.Next.Listed <= max && await steps.MoveNextAsync())
            {
                var step = steps.Current;
                chunk.Add(step.Next.Listed > max ? step with { Job = step.Job! with { Refusal = TooMany(max) } } : step);
                if (chunk.IsFull)
                {
                    yield return chunk;
                    chunk = new ListedChunk(chunk.Next, chunk.Skipped);
                }
            }
        }

        if (!chunk.IsEmpty)
        {
            yield return chunk;
        }
    }

    /// <summary>The result of the first job over the limit, so that readers of the batch see that it is incomplete.</summary>
    private static JobError TooMany(int max) =>
        new(ErrorCode.TooManyItems.Name, $"A batch can have at most {max} jobs; this one and those after it are left out.");

    private async Task<Batch?> AddAsync(Batch batch, ListedChunk chunk, CancellationToken cancellationToken)
    {
        var first = batch.Listing!.Listed;
        var slices = Slice.Cut(
            chunk.Jobs,
            batch.SliceSize,
            firstNumber: first / batch.SliceSize,
            firstJob: first).ToList();

        var next = batch with { Listing = chunk.Next, Skipped = chunk.Skipped };
        cancellationToken.ThrowIfCancellationRequested();

        // Not canceled from here on: slices that storage has added need messages.
        var added = await jobs.TryAddSlicesAsync(next, slices, CancellationToken.None);
        if (added is not null)
        {
            WorkMetrics.CountAccepted(chunk.Jobs.Count);
            await submitter.QueueSlicesAsync(added, slices);
        }

        return added;
    }

    [LoggerMessage(3004, LogLevel.Information, "Batch {BatchId} is listed: {Total} jobs", EventName = "ListHandlerListed")]
    private partial void LogListed(BatchId batchId, int total);

    [LoggerMessage(
        3005,
        LogLevel.Warning,
        "Batch {BatchId} has {Max} jobs, the maximum; further images are left out",
        EventName = "ListHandlerFull")]
    private partial void LogFull(BatchId batchId, int max);

    [LoggerMessage(3006, LogLevel.Warning, "Batch {BatchId} could not be listed completely: {Reason}", EventName = "ListHandlerRefused")]
    private partial void LogRefused(BatchId batchId, string reason);
}
