using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches.Submission;

/// <summary>A job of a listing, and the state of the listing after it.</summary>
public sealed record ListedJob(Job Job, Listing Next);

/// <summary>
/// Enumerates the jobs of a listing: the images of a folder; the items of a manifest and the images of its folders; or the failed jobs of
/// another batch.
/// </summary>
public sealed class ListingEnumerator(SourceReader sources, ItemParser parser, IManifestStore manifests, FailedJobs failedJobs)
{
    /// <exception cref="RefusedException">The folder or the manifest no longer exists or is not allowed.</exception>
    public IAsyncEnumerable<ListedJob> ListAsync(BatchId id, Listing listing, CancellationToken cancellationToken) => listing switch
    {
        { Folder: { } folder } => ListFolderAsync(folder, listing.Actions!, listing, cancellationToken),
        { FailedOf: { } retried } => ListFailedAsync(retried, listing, cancellationToken),
        _ => ListManifestAsync(id, listing, cancellationToken),
    };

    private async IAsyncEnumerable<ListedJob> ListFailedAsync(
        string retried,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = BatchId.TryParse(retried, out var id);
        await foreach (var (number, job) in failedJobs.ListAsync(id, (int)listing.Offset, cancellationToken))
        {
            listing = listing with { Offset = number + 1, Listed = listing.Listed + 1 };
            yield return new ListedJob(job, listing);
        }
    }

    private async IAsyncEnumerable<ListedJob> ListFolderAsync(
        SourceUri folder,
        JobActions actions,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var image in sources.GetFolderSource(folder).ListAsync(folder, listing.After, cancellationToken))
        {
            listing = listing with { After = image, Listed = listing.Listed + 1 };
            yield return new ListedJob(new Job(image, actions), listing);
        }
    }

    private async IAsyncEnumerable<ListedJob> ListManifestAsync(
        BatchId id,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var manifest = await manifests.OpenAsync(id, listing.Manifest, listing.Offset, cancellationToken);
        var linesBefore = listing.LinesRead;
        await foreach (var line in NdjsonReader.ReadAsync(manifest, listing.Offset, cancellationToken))
        {
            var number = linesBefore + line.Number;

            // The offset stays at the line's start until the line is done, so that a folder in it can continue after its last image.
            await foreach (var listed in ListItemAsync(line.Text, number, listing, cancellationToken))
            {
                listing = listed.Next;
                var next = listing.After is null ? listing with { Offset = line.End, LinesRead = number } : listing;
                yield return listed with { Next = next };
            }

            listing = listing with { Offset = line.End, LinesRead = number, After = null };
        }
    }

    /// <summary>
    /// An invalid item becomes a job that fails with the reason and the line number, so that it does not stop other items.
    /// </summary>
    private async IAsyncEnumerable<ListedJob> ListItemAsync(
        ReadOnlyMemory<byte> text,
        int line,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (item, refusal) = await ParseAsync(text, listing.Actions, cancellationToken);
        if (refusal is null && item!.IsFolder)
        {
            await using var images = ListFolderAsync(item.Job.Source, item.Job.Actions, listing, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(images) is { } next)
            {
                if (next.Refusal is null)
                {
                    yield return images.Current;
                    continue;
                }

                refusal = next.Refusal;
                break;
            }

            if (refusal is null)
            {
                yield break;
            }

            item = item with { Job = item.Job with { Refusal = refusal } };
        }

        var job = item?.Job ?? new Job(new SourceUri("", ""), listing.Actions ?? JobActions.OnlyMeasure)
        {
            Refusal = refusal! with { Message = $"Line {line}: {refusal.Message}" },
        };
        yield return new ListedJob(job, listing with { After = null, Listed = listing.Listed + 1 });
    }

    /// <returns>Null at the end; with a refusal if the folder cannot be listed, or no further.</returns>
    private static async Task<NextImage?> MoveNextAsync(IAsyncEnumerator<ListedJob> images)
    {
        try
        {
            return await images.MoveNextAsync() ? new NextImage(Refusal: null) : null;
        }
        catch (RefusedException refusal)
        {
            return new NextImage(JobError.Of(refusal));
        }
    }

    private async Task<(Item? Item, JobError? Refusal)> ParseAsync(
        ReadOnlyMemory<byte> text,
        JobActions? defaults,
        CancellationToken cancellationToken)
    {
        try
        {
            return (await parser.ParseAsync(text, defaults, cancellationToken), null);
        }
        catch (RefusedException refusal)
        {
            return (null, JobError.Of(refusal));
        }
    }

    private sealed record NextImage(JobError? Refusal);
}
