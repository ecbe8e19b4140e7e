using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Tables;

/// <summary>
/// Stores batches, slices and results in the table of the UTC day on which the batch was submitted; see <see cref="Rows"/> for the keys.
/// Only <see cref="AddAsync"/> creates a day's table: elsewhere, a missing table means that its day was dropped.
/// </summary>
internal sealed class TableJobStore(TableServiceClient tables, IOptions<StorageOptions> options) : IJobStore
{
    /// <summary>A page of the list shows fewer.</summary>
    private const int ListedAtOnce = 100;

    private readonly DailyTables _days = new(tables, options.Value.TablePrefix);

    public async Task AddAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken)
    {
        var table = TableOf(batch.Id);

        // Long addresses can need a second transaction. The header comes last: without it, the batch does not exist.
        IEnumerable<TableTransactionAction> actions = [.. slices.Select(slice => Add(Rows.Of(batch.Id, slice))), Add(Rows.Of(batch))];

        if (batch.IsListed)
        {
            // Before the header: a batch that does not exist is left out of the list.
            var listed = new TableTransactionAction(TableTransactionActionType.UpsertReplace, Rows.Listed(batch.Id));
            await DailyTables.SubmitAsync(table, [listed], cancellationToken);
        }

        foreach (var transaction in Transactions.Of(actions))
        {
            await DailyTables.SubmitAsync(table, transaction, cancellationToken);
        }
    }

    public async IAsyncEnumerable<BatchId> ListBatchesAsync(
        OwnerTag owner, DateOnly day, BatchId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var partition = Rows.OwnerPartition(owner);
        var start = after is { } last ? Rows.ListedKey(last) : "";
        var rows = _days.Of(day).QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {start}"),
            maxPerPage: ListedAtOnce,
            cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (rows)
        {
            while (await DailyTables.MoveNextAsync(rows))
            {
                if (Rows.ToListed(rows.Current) is { } id)
                {
                    yield return id;
                }
            }
        }
    }

    public async Task<Batch?> TryAddSlicesAsync(Batch batch, IReadOnlyList<Slice> slices, CancellationToken cancellationToken)
    {
        var header = new TableTransactionAction(TableTransactionActionType.UpdateReplace, Rows.Of(batch), new ETag(batch.Version));
        try
        {
            // One transaction, so that the header always says which slices exist. The caller keeps it below the limits of a transaction.
            var added = await TableOf(batch.Id).SubmitTransactionAsync(
                [header, .. slices.Select(slice => Add(Rows.Of(batch.Id, slice)))],
                cancellationToken);

            return batch with { Version = added.Value[0].Headers.ETag?.ToString() ?? "" };
        }
        catch (RequestFailedException conflict) when (conflict.Status is 412 or 409 or 404)
        {
            return null;
        }
    }

    public async Task<Batch?> FindBatchAsync(BatchId id, CancellationToken cancellationToken) =>
        await _days.FindRowAsync(id.Day, id.ToString(), Rows.HeaderKey, cancellationToken) is { } row ? Rows.ToBatch(id, row) : null;

    public async Task<Slice?> FindSliceAsync(BatchId id, int number, CancellationToken cancellationToken) =>
        await _days.FindRowAsync(id.Day, id.ToString(), Rows.SliceKey(number), cancellationToken) is { } row
            ? Rows.ToSlice(number, row)
            : null;

    public async IAsyncEnumerable<SliceProgress> ListSlicesAsync(
        BatchId id,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // As text, because an expression would be compiled for each query.
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {id.ToString()} and RowKey ge {Rows.FirstSlice} and RowKey lt {Rows.AfterSlices}");
        var rows = TableOf(id).QueryAsync<TableEntity>(filter, select: Rows.ProgressColumns, cancellationToken: cancellationToken);

        await foreach (var row in rows)
        {
            yield return Rows.ToProgress(row);
        }
    }

    public async Task<JobResult?> FindResultAsync(JobId id, CancellationToken cancellationToken) =>
        await _days.FindRowAsync(
            id.Batch.Day,
            Rows.BlockPartition(id.Batch, id.Item),
            Rows.ResultKey(id.Item),
            cancellationToken) is { } row && row.GetString("Job") == id.ToString()
                ? Rows.ToResult(row)
                : null;

    public async Task<IReadOnlyDictionary<int, JobResult>> FindResultsAsync(BatchId id, Slice slice, CancellationToken cancellationToken)
    {
        var partition = Rows.BlockPartition(id, slice.First);
        var (first, last) = (Rows.ResultKey(slice.First), Rows.ResultKey(slice.First + slice.Jobs.Count - 1));
        var block = slice.First - (slice.First % SliceSizes.Block);
        var found = new Dictionary<int, JobResult>();

        var rows = TableOf(id).QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey le {last}"),
            cancellationToken: cancellationToken);
        await foreach (var row in rows)
        {
            found.Add(block + Rows.ToNumber(row), Rows.ToResult(row));
        }

        return found;
    }

    public async Task<IReadOnlyDictionary<int, JobResult>> AddResultsAsync(
        BatchId id,
        Slice slice,
        IReadOnlyDictionary<int, JobResult> results,
        CancellationToken cancellationToken)
    {
        var table = TableOf(id);
        var stored = new Dictionary<int, JobResult>(results);
        while (true)
        {
            var missing = results.Where(result => ReferenceEquals(stored[result.Key], result.Value)).ToList();
            var rows = missing.Select(result => Add(Rows.Of(id, result.Key, slice.IsSingle, result.Value)));
            try
            {
                foreach (var transaction in Transactions.Of(rows))
                {
                    await table.SubmitTransactionAsync(transaction, cancellationToken);
                }

                return stored;
            }
            catch (RequestFailedException conflict) when (conflict.ErrorCode == TableErrorCode.EntityAlreadyExists)
            {
                // Another worker has written some of these. Its results are kept; the others are added.
                var found = await FindResultsAsync(id, slice, cancellationToken);
                if (!missing.Exists(result => found.ContainsKey(result.Key)))
                {
                    throw;
                }

                foreach (var (job, result) in found.Where(result => stored.ContainsKey(result.Key)))
                {
                    stored[job] = result;
                }
            }
        }
    }

    public async Task PurgeResultsAsync(BatchId id, Slice slice, IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        var purged = JobResult.Purged(DateTimeOffset.UtcNow);
        var rows = numbers.Select(number => Replace(Rows.Of(id, number, slice.IsSingle, purged)));
        foreach (var transaction in Transactions.Of(rows))
        {
            await TableOf(id).SubmitTransactionAsync(transaction, cancellationToken);
        }
    }

    public Task PurgeSliceAsync(BatchId id, Slice slice, CancellationToken cancellationToken) => TableOf(id).UpsertEntityAsync(
        Rows.Of(id, slice with { Jobs = [], IsDone = true }), TableUpdateMode.Replace, cancellationToken);

    public Task SaveProgressAsync(BatchId id, int slice, bool isDone, JobCounts counts, CancellationToken cancellationToken) =>
        TableOf(id).UpdateEntityAsync(Rows.Progress(id, slice, isDone, counts), ETag.All, TableUpdateMode.Merge, cancellationToken);

    public Task SaveSliceCountsAsync(BatchId id, int slice, JobCounts counts, CancellationToken cancellationToken) =>
        MergeAsync(id, Rows.SliceKey(slice), counts, cancellationToken);

    public Task MarkRequeuedAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken) =>
        MergeAsync(id, slices, nameof(SliceProgress.Requeues), slice => slice.Requeues + 1, cancellationToken);

    public Task CancelAsync(BatchId id, CancellationToken cancellationToken) => TableOf(id).UpdateEntityAsync(
        new TableEntity(id.ToString(), Rows.HeaderKey) { [nameof(Batch.IsCanceled)] = true },
        ETag.All,
        TableUpdateMode.Merge,
        cancellationToken);

    public Task CancelSlicesAsync(BatchId id, IReadOnlyList<SliceProgress> slices, CancellationToken cancellationToken) =>
        MergeAsync(id, slices, nameof(Slice.IsCanceled), _ => true, cancellationToken);

    public Task SaveCountsAsync(BatchId id, JobCounts counts, CancellationToken cancellationToken) =>
        MergeAsync(id, Rows.HeaderKey, counts, cancellationToken);

    public async Task<DateTimeOffset?> FindEndAsync(BatchId id, CancellationToken cancellationToken) =>
        (await _days.FindRowAsync(id.Day, id.ToString(), Rows.EndedKey, cancellationToken))?.Timestamp;

    public async Task<bool> TryEndAsync(BatchId id, CancellationToken cancellationToken)
    {
        try
        {
            await TableOf(id).AddEntityAsync(new TableEntity(id.ToString(), Rows.EndedKey), cancellationToken);
            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status == 409)
        {
            return false;
        }
    }

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.DropBeforeAsync(day, cancellationToken);

    private async Task MergeAsync(BatchId id, string row, JobCounts counts, CancellationToken cancellationToken) =>
        await TableOf(id).UpdateEntityAsync(
            Rows.Add(new TableEntity(id.ToString(), row), counts), ETag.All, TableUpdateMode.Merge, cancellationToken);

    private async Task MergeAsync(
        BatchId id,
        IReadOnlyList<SliceProgress> slices,
        string column,
        Func<SliceProgress, object> value,
        CancellationToken cancellationToken)
    {
        var rows = slices.Select(slice => new TableTransactionAction(
            TableTransactionActionType.UpdateMerge,
            new TableEntity(id.ToString(), Rows.SliceKey(slice.Number)) { [column] = value(slice) },
            ETag.All));

        foreach (var transaction in Transactions.Of(rows))
        {
            await TableOf(id).SubmitTransactionAsync(transaction, cancellationToken);
        }
    }

    private TableClient TableOf(BatchId id) => _days.Of(id.Day);

    private static TableTransactionAction Replace(TableEntity row) => new(TableTransactionActionType.UpsertReplace, row);

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);
}
