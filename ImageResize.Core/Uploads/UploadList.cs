using System.Runtime.CompilerServices;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources.Uploads;

namespace ImageResize.Core.Uploads;

/// <summary>Lists the uploads of a caller, the newest first.</summary>
internal sealed class UploadList(IUploadStore store, RetentionPolicy retention)
{
    private const int PageSize = 100;

    /// <summary>The uploads that a request reads at most, because a filter may match few.</summary>
    private const int MaxRead = 5_000;

    /// <param name="filter">Selects uploads.</param>
    /// <param name="after">The last upload of the page before; null for the first page.</param>
    public async Task<UploadPage> ListAsync(
        OwnerTag owner, Func<Upload, bool> filter, UploadId? after, CancellationToken cancellationToken)
    {
        var found = new List<Upload>();
        var read = 0;
        await foreach (var (id, stored) in ListStoredAsync(owner, after, cancellationToken))
        {
            // Without a size, it has not been measured yet.
            if (Upload.Of(id, stored) is { } upload && filter(upload))
            {
                found.Add(upload);
            }

            if (++read == MaxRead || found.Count == PageSize)
            {
                return new UploadPage(found, id);
            }
        }

        return new UploadPage(found, Next: null);
    }

    private async IAsyncEnumerable<(UploadId Id, UploadProperties Stored)> ListStoredAsync(
        OwnerTag owner, UploadId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var day in retention.ListDaysKept(after?.Day))
        {
            await foreach (var upload in store.ListAsync(owner, day, after?.Day == day ? after : null, cancellationToken))
            {
                yield return upload;
            }
        }
    }
}

/// <summary>A page of uploads.</summary>
/// <param name="Next">Where the next page continues; null on the last page.</param>
internal sealed record UploadPage(IReadOnlyList<Upload> Uploads, UploadId? Next);
