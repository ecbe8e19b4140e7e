using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches.Submission;

/// <summary>
/// Enumerates the jobs of a listing: the images of a folder; the items of a manifest and the images of its folders; or the failed jobs of
/// another batch. Files of folders that are not images are enumerated too.
/// </summary>
public sealed class ListingEnumerator(SourceReader sources, ItemParser parser, IManifestStore manifests, FailedJobs failedJobs)
{
    /// <exception cref="RefusedException">The folder or the manifest no longer exists or is not allowed.</exception>
    public IAsyncEnumerable<ListingStep> ListAsync(BatchId id, Listing listing, CancellationToken cancellationToken) => listing switch
    {
        { Folder: { } folder } => ListFolderAsync(folder, listing.Actions!, listing, cancellationToken),
        { FailedOf: { } retried } => ListFailedAsync(retried, listing, cancellationToken),
        _ => ListManifestAsync(id, listing, cancellationToken),
    };

    private async IAsyncEnumerable<ListingStep> ListFailedAsync(
        string retried,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = BatchId.TryParse(retried, out var id);
        await foreach (var (number, job) in failedJobs.ListAsync(
            id, (int)listing.Offset, listing.Retry ?? RetryFilter.AllFailed, cancellationToken))
        {
            listing = listing with { Offset = number + 1, Listed = listing.Listed + 1 };
            yield return new ListingStep(listing) { Job = job };
        }
    }

    private async IAsyncEnumerable<ListingStep> ListFolderAsync(
        SourceUri folder,
        JobActions actions,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in sources.GetFolderSource(folder).ListAsync(folder, listing.After, cancellationToken))
        {
            var isImage = file.SkipReason is null;
            listing = listing with { After = file.Source, Listed = listing.Listed + (isImage ? 1 : 0) };
            yield return isImage
                ? new ListingStep(listing) { Job = new Job(file.Source, actions) }
                : new ListingStep(listing) { Skipped = file };
        }
    }

    private async IAsyncEnumerable<ListingStep> ListManifestAsync(
        BatchId id,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var manifest = await manifests.OpenAsync(id, listing.Manifest, listing.Offset, cancellationToken);
        var linesBefore = listing.LinesRead;
        await foreach (var line in NdjsonReader.ReadAsync(manifest, listing.Offset, cancellationToken))
        {
            var number = linesBefore + line.Number;

            // The offset stays at the line's start until the line is done, so that a folder in it can continue after its last file.
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
    private async IAsyncEnumerable<ListingStep> ListItemAsync(
        ReadOnlyMemory<byte> text,
        int line,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (item, refusal) = await ParseAsync(text, listing.Actions, cancellationToken);
        if (refusal is null && item!.IsFolder)
        {
            await using var files = ListFolderAsync(item.Job.Source, item.Job.Actions, listing, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(files) is { } next)
            {
                if (next.Refusal is null)
                {
                    yield return files.Current;
                    listing = files.Current.Next;
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
        yield return new ListingStep(listing with { After = null, Listed = listing.Listed + 1 }) { Job = job };
    }

    /// <returns>Null at the end. Contains a refusal if the folder cannot be listed, or not to its end.</returns>
    private static async Task<NextFile?> MoveNextAsync(IAsyncEnumerator<ListingStep> files)
    {
        try
        {
            return await files.MoveNextAsync() ? new NextFile(Refusal: null) : null;
        }
        catch (RefusedException refusal)
        {
            return new NextFile(JobError.Of(refusal));
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

    private sealed record NextFile(JobError? Refusal);
}
