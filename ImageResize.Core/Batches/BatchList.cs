using System.Runtime.CompilerServices;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Retention;

namespace ImageResize.Core.Batches;

/// <summary>Lists the batches of a caller, the newest first.</summary>
public sealed class BatchList(IJobStore jobs, BatchQueries batches, RetentionPolicy retention)
{
    private const int PageSize = 20;

    /// <summary>The batches that a request reads at most, because a filter may match few.</summary>
    private const int MaxRead = 100;

    private const int ReadAtOnce = 10;

    /// <param name="filter">Selects batches.</param>
    /// <param name="after">The last batch of the page before; null for the first page.</param>
    public async Task<BatchPage> ListAsync(
        OwnerTag owner, Func<BatchStatus, bool> filter, BatchId? after, CancellationToken cancellationToken)
    {
        var found = new List<BatchStatus>();
        var read = 0;
        await foreach (var some in ListIds(owner, after, cancellationToken).Chunk(ReadAtOnce))
        {
            var statuses = await Task.WhenAll(some.Select(id => batches.FindBatchAsync(id, cancellationToken)));
            foreach (var (id, status) in some.Zip(statuses))
            {
                if (status is not null && filter(status))
                {
                    found.Add(status);
                }

                if (++read == MaxRead || found.Count == PageSize)
                {
                    return new BatchPage(found, id);
                }
            }
        }

        return new BatchPage(found, Next: null);
    }

    private async IAsyncEnumerable<BatchId> ListIds(
        OwnerTag owner, BatchId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var day in retention.ListDaysKept(after?.Day))
        {
            var last = after?.Day == day ? after : null;
            await foreach (var id in jobs.ListBatchesAsync(owner, day, last, cancellationToken))
            {
                yield return id;
            }
        }
    }
}

/// <summary>A page of batches.</summary>
/// <param name="Next">Where the next page continues; null on the last page.</param>
public sealed record BatchPage(IReadOnlyList<BatchStatus> Batches, BatchId? Next);
