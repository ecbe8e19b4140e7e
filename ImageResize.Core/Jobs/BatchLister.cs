using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>
/// Makes slices of a large folder or a manifest, some thousand images at a time. The header remembers how far it came, in the same transaction
/// as the slices, so a message that comes twice goes on where the first one stopped.
/// </summary>
public sealed partial class BatchLister(
    IJobStore jobs,
    IJobQueue queue,
    JobSubmitter submitter,
    JobLister lister,
    IOptions<JobsOptions> options,
    TimeProvider clock,
    ILogger<BatchLister> logger)
{
    /// <summary>A table transaction holds 100 rows: the header and these slices.</summary>
    private const int SlicesAtOnce = 90;

    /// <summary>A transaction weighs 4 MiB at most, and names of blobs can have 3 KB each.</summary>
    private const int BytesAtOnce = 2_000_000;

    /// <summary>About what one wanted thumbnail takes in a row.</summary>
    private const int BytesAThumbnail = 150;

    public async Task ListAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (await jobs.FindBatchAsync(message.Batch, cancellationToken) is not { Listing: { } listing } batch)
        {
            return;
        }

        if (batch.IsCanceled)
        {
            await FinishAsync(batch, cancellationToken);
            return;
        }

        try
        {
            await foreach (var chunk in ChunksAsync(batch.Id, listing, cancellationToken))
            {
                if (await AddAsync(batch, chunk, cancellationToken) is not { } grown)
                {
                    // Another worker has the same message and was faster; it goes on.
                    return;
                }

                batch = grown;
                if (clock.GetElapsedTime(started).TotalSeconds > options.Value.SliceBudgetSeconds)
                {
                    await queue.PutAsync(message with { Trace = Activity.Current?.Id }, TimeSpan.Zero, cancellationToken);
                    return;
                }
            }
        }
        catch (RefusedException refusal)
        {
            // The folder has gone meanwhile: the batch is what was listed until now.
            LogRefused(batch.Id, refusal.Message);
        }

        if (batch.Listing!.Listed > options.Value.MaxFolderImages)
        {
            LogFull(batch.Id, options.Value.MaxFolderImages);
        }

        await FinishAsync(batch, cancellationToken);
    }

    /// <summary>Ends a listing: what it has found so far is the whole batch.</summary>
    public async Task FinishAsync(Batch batch, CancellationToken cancellationToken)
    {
        var total = batch.Listing!.Listed;
        await jobs.FindAddedAsync(batch with { Listing = null, Total = total }, [], cancellationToken);
        LogListed(batch.Id, total);
    }

    /// <summary>Whole slices, as many as one transaction takes; only the last can be smaller.</summary>
    private async IAsyncEnumerable<List<ListedJob>> ChunksAsync(
        BatchId id,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = lister.ListAsync(id, listing, cancellationToken);
        var chunk = new List<ListedJob>();
        var weight = 0;
        var most = options.Value.MaxFolderImages;
        await foreach (var listed in found.Take(most + 1 - listing.Listed))
        {
            chunk.Add(listed.Next.Listed <= most ? listed : listed with { Job = listed.Job with { Refusal = TooMany(most) } });
            weight += Encoding.UTF8.GetByteCount(listed.Job.Source) + (listed.Job.Actions.Thumbnails.Count * BytesAThumbnail);
            var isWhole = chunk.Count % SliceSizes.Block == 0;
            if (isWhole && (chunk.Count == SlicesAtOnce * SliceSizes.Block || weight > BytesAtOnce))
            {
                yield return chunk;
                (chunk, weight) = ([], 0);
            }
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    /// <summary>Of the first one too many, so that who reads the batch sees that there was more.</summary>
    private static JobError TooMany(int most) =>
        new(ErrorCode.TooManyItems.Name, $"A batch has {most} jobs at most: this one and what follows it are left out.");

    private async Task<Batch?> AddAsync(Batch batch, List<ListedJob> found, CancellationToken cancellationToken)
    {
        var first = batch.Listing!.Listed;
        var slices = Slice.Cut(
            found.Select(listed => listed.Job),
            batch.SliceSize,
            firstNumber: first / batch.SliceSize,
            firstJob: first).ToList();
        var grown = batch with { Listing = found[^1].Next };

        var added = await jobs.FindAddedAsync(grown, slices, cancellationToken);
        if (added is not null)
        {
            WorkMeter.CountAccepted(found.Count);
            await submitter.PutAsync(added, slices, cancellationToken);
        }

        return added;
    }

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} is listed: {Total} jobs")]
    private partial void LogListed(BatchId batchId, int total);

    [LoggerMessage(LogLevel.Warning, "Batch {BatchId} has {Most} jobs, the most that are allowed: what else there is is left out")]
    private partial void LogFull(BatchId batchId, int most);

    [LoggerMessage(LogLevel.Warning, "Batch {BatchId} could not be listed to its end: {Reason}")]
    private partial void LogRefused(BatchId batchId, string reason);
}
