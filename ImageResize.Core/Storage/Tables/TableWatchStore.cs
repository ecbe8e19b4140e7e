using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources;
using ImageResize.Core.Watches.Seen;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Tables;

/// <summary>
/// Stores each watch in a partition of one table for all days, so that one transaction can write its state (<c>state</c>), hashes
/// (<c>seen-NN</c>) and a batch (<c>batch-ID</c>). The row <c>owner</c> is written by itself, so that renewals don't change the state.
/// </summary>
internal sealed class TableWatchStore(TableServiceClient tables, IOptions<StorageOptions> options) : IWatchStore
{
    private const string StateKey = "state", OwnerKey = "owner", InstanceColumn = "Instance", HashesColumn = "Hashes";
    private const string FirstSeen = "seen-", AfterSeen = "seen.", FirstBatch = "batch-", AfterBatches = "batch.";

    /// <summary>A multiple of a hash's size, below the 64 KiB that a column holds.</summary>
    private const int ColumnBytes = 64_000;

    private readonly TableClient _table = tables.GetTableClient(options.Value.TablePrefix + "watches");

    public async Task<WatchState> GetAsync(string watch, CancellationToken cancellationToken)
    {
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(watch, StateKey, cancellationToken: cancellationToken);

        return row.HasValue ? ToState(watch, row.Value!) : new WatchState(watch);
    }

    public async Task<WatchState?> TryReplaceAsync(WatchState state, WatchChange change, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> transaction =
        [
            state.Version.Length == 0
                ? new(TableTransactionActionType.Add, ToRow(state))
                : new(TableTransactionActionType.UpdateReplace, ToRow(state), new ETag(state.Version)),
            .. change.Seen.Select(shard =>
                new TableTransactionAction(TableTransactionActionType.UpsertReplace, ToRow(state.Watch, shard.Key, shard.Value))),
        ];
        if (change.Added is { } added)
        {
            transaction.Add(new(TableTransactionActionType.UpsertReplace, ToRow(state.Watch, added)));
        }

        if (change.Removed is { } removed)
        {
            transaction.Add(new(TableTransactionActionType.Delete, new TableEntity(state.Watch, KeyOf(removed)), ETag.All));
        }

        try
        {
            var stored = await SubmitAsync(transaction, cancellationToken);

            return state with { Version = stored.Value[0].Headers.ETag?.ToString() ?? "" };
        }
        catch (RequestFailedException conflict) when (conflict.Status is 412 or 409 or 404)
        {
            return null;
        }
    }

    public async IAsyncEnumerable<(int Shard, byte[] Hashes)> ReadSeenAsync(
        string watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (row, _) in QueryAsync(watch, FirstSeen, AfterSeen, cancellationToken))
        {
            yield return UnreadableRowException.Guard(row, row => (ShardOf(row), ReadHashes(row)));
        }
    }

    public async Task<IReadOnlyList<WatchBatch>> ListBatchesAsync(string watch, CancellationToken cancellationToken)
    {
        var batches = new List<WatchBatch>();
        await foreach (var (row, now) in QueryAsync(watch, FirstBatch, AfterBatches, cancellationToken))
        {
            if (BatchId.TryParse(row.RowKey[FirstBatch.Length..], out var id))
            {
                batches.Add(new WatchBatch(id, ReadImages(row)) { Age = now - row.Timestamp!.Value });
            }
        }

        return batches;
    }

    public async Task MarkSubmittedAsync(string watch, BatchId batch, CancellationToken cancellationToken)
    {
        try
        {
            var row = new TableEntity(watch, KeyOf(batch));
            await _table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            // Another instance has taken over its images.
        }
    }

    /// <summary>The age of the lease is the service's time minus the row's timestamp, so that clocks of instances don't matter.</summary>
    public async Task<bool> TryOwnAsync(string watch, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        var row = new TableEntity(watch, OwnerKey) { [InstanceColumn] = instance };
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(watch, OwnerKey, cancellationToken: cancellationToken);
        if (!found.HasValue)
        {
            return await TryWriteAsync([new(TableTransactionActionType.Add, row)], cancellationToken);
        }

        var age = TimeOf(found.GetRawResponse()) - found.Value!.Timestamp!.Value;

        return (found.Value.GetString(InstanceColumn) == instance || age >= lease)
            && await TryWriteAsync([new(TableTransactionActionType.UpdateReplace, row, found.Value.ETag)], cancellationToken);
    }

    public async Task ReleaseAsync(string watch, string instance, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(watch, OwnerKey, cancellationToken: cancellationToken);
        if (found.HasValue && found.Value!.GetString(InstanceColumn) == instance)
        {
            await TryWriteAsync([new(TableTransactionActionType.Delete, found.Value, found.Value.ETag)], cancellationToken);
        }
    }

    /// <returns>False if another instance was faster.</returns>
    private async Task<bool> TryWriteAsync(List<TableTransactionAction> transaction, CancellationToken cancellationToken)
    {
        try
        {
            await SubmitAsync(transaction, cancellationToken);

            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 412 or 409 or 404)
        {
            return false;
        }
    }

    /// <summary>Creates the table if it does not exist.</summary>
    private async Task<Response<IReadOnlyList<Response>>> SubmitAsync(
        List<TableTransactionAction> transaction, CancellationToken cancellationToken)
    {
        try
        {
            return await _table.SubmitTransactionAsync(transaction, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == TableErrorCode.TableNotFound)
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);

            return await _table.SubmitTransactionAsync(transaction, cancellationToken);
        }
    }

    /// <returns>The rows, and the service's time.</returns>
    private async IAsyncEnumerable<(TableEntity Row, DateTimeOffset Now)> QueryAsync(
        string watch, string first, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {watch} and RowKey ge {first} and RowKey lt {after}"),
            cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        await using (pages)
        {
            while (await DailyTables.MoveNextAsync(pages))
            {
                foreach (var row in pages.Current.Values)
                {
                    yield return (row, TimeOf(pages.Current.GetRawResponse()));
                }
            }
        }
    }

    private static DateTimeOffset TimeOf(Response response) => response.Headers.Date ?? DateTimeOffset.UtcNow;

    private static string KeyOf(BatchId batch) => FirstBatch + batch;

    private static TableEntity ToRow(string watch, WatchBatch batch)
    {
        var row = new TableEntity(watch, KeyOf(batch.Id));
        if (batch.Pending is { } images)
        {
            JsonColumns.Write(row, JsonSerializer.SerializeToUtf8Bytes(images, RowJson.Compact.Sources));
        }

        return row;
    }

    private static IReadOnlyList<SourceUri>? ReadImages(TableEntity row) => UnreadableRowException.Guard(
        row,
        row => JsonColumns.Contains(row, "")
            ? RowRules.Check(JsonSerializer.Deserialize(JsonColumns.Read(row), RowJson.Compact.Sources))
            : null);

    private static int ShardOf(TableEntity row) =>
        Convert.ToInt32(row.RowKey[FirstSeen.Length..], 16) is >= 0 and < SeenImages.Shards and var shard
            ? shard
            : throw new InvalidDataException("there is no such shard");

    private static TableEntity ToRow(string watch, int shard, byte[] hashes)
    {
        var row = new TableEntity(watch, $"{FirstSeen}{shard:x2}");
        foreach (var (i, column) in hashes.Chunk(ColumnBytes).Index())
        {
            row[HashesColumn + i] = column;
        }

        return row;
    }

    private static byte[] ReadHashes(TableEntity row)
    {
        using var hashes = new MemoryStream();
        for (var i = 0; row.GetBinary(HashesColumn + i) is { } column; i++)
        {
            hashes.Write(column);
        }

        return hashes.ToArray();
    }

    private static TableEntity ToRow(WatchState state) => new(state.Watch, StateKey)
    {
        [nameof(WatchState.Found)] = state.Found,
        [nameof(WatchState.Succeeded)] = state.Succeeded,
        [nameof(WatchState.Failed)] = state.Failed,
        [nameof(WatchState.Canceled)] = state.Canceled,
        [nameof(WatchState.LastSeenAt)] = state.LastSeenAt,
        [nameof(WatchState.Error)] = state.Error,
        [nameof(WatchState.ErrorAt)] = state.ErrorAt,
    };

    private static WatchState ToState(string watch, TableEntity row) => UnreadableRowException.Guard(row, row => new WatchState(watch)
    {
        Found = row.GetInt64(nameof(WatchState.Found)) ?? 0,
        Succeeded = row.GetInt64(nameof(WatchState.Succeeded)) ?? 0,
        Failed = row.GetInt64(nameof(WatchState.Failed)) ?? 0,
        Canceled = row.GetInt64(nameof(WatchState.Canceled)) ?? 0,
        LastSeenAt = row.GetDateTimeOffset(nameof(WatchState.LastSeenAt)),
        Error = row.GetString(nameof(WatchState.Error)),
        ErrorAt = row.GetDateTimeOffset(nameof(WatchState.ErrorAt)),
        Version = row.ETag.ToString(),
    });
}
