using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs;

/// <summary>A job that was found, and where the listing goes on behind it.</summary>
public sealed record ListedJob(Job Job, Listing Next);

/// <summary>
/// Finds the jobs of a listing, one after the other: a folder's images, the items of a manifest and the images of its folders, or what of
/// another batch has failed.
/// </summary>
public sealed class JobLister(SourceReader sources, ItemReader items, IManifestStore manifests, FailedJobs failed)
{
    /// <exception cref="RefusedException">The folder or the manifest is gone, or no longer allowed.</exception>
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
        await foreach (var (number, job) in failed.ListAsync(id, (int)listing.Offset, cancellationToken))
        {
            listing = listing with { Offset = number + 1, Listed = listing.Listed + 1 };
            yield return new ListedJob(job, listing);
        }
    }

    private async IAsyncEnumerable<ListedJob> ListFolderAsync(
        string folder,
        JobActions actions,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var image in sources.FolderOf(folder).ListAsync(folder, listing.After, cancellationToken))
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
        await foreach (var line in Lines.ReadAsync(manifest, listing.Offset, cancellationToken))
        {
            var number = linesBefore + line.Number;

            // Until the line is done with, the listing stands at its begin: a folder in it goes on behind its last image.
            await foreach (var listed in ListItemAsync(line.Text, number, listing, cancellationToken))
            {
                listing = listed.Next;
                yield return listed with { Next = listing.After is null ? listing with { Offset = line.End, LinesRead = number } : listing };
            }

            listing = listing with { Offset = line.End, LinesRead = number, After = null };
        }
    }

    /// <summary>An item that cannot be done is a job that fails and says why, and where it stands: its neighbours are not held up.</summary>
    private async IAsyncEnumerable<ListedJob> ListItemAsync(
        ReadOnlyMemory<byte> text,
        int line,
        Listing listing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (item, refusal) = await ReadAsync(text, listing.Actions, cancellationToken);
        if (refusal is null && item!.IsFolder)
        {
            await using var images = ListFolderAsync(item.Job.Source, item.Job.Actions, listing, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(images) is { } next)
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

        var job = item?.Job ?? new Job("", listing.Actions ?? JobActions.OnlyMeasure)
        {
            Refusal = refusal! with { Message = $"Line {line}: {refusal.Message}" },
        };
        yield return new ListedJob(job, listing with { After = null, Listed = listing.Listed + 1 });
    }

    /// <returns>Null at the end; with a refusal when the folder cannot be listed, or no further.</returns>
    private static async Task<NextImage?> NextAsync(IAsyncEnumerator<ListedJob> images)
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

    private async Task<(Item? Item, JobError? Refusal)> ReadAsync(
        ReadOnlyMemory<byte> text,
        JobActions? defaults,
        CancellationToken cancellationToken)
    {
        try
        {
            return (await items.ReadAsync(text, defaults, cancellationToken), null);
        }
        catch (RefusedException refusal)
        {
            return (null, JobError.Of(refusal));
        }
    }

    private sealed record NextImage(JobError? Refusal);
}
