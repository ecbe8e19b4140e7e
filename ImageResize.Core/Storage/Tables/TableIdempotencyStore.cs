using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Storage.Resilience;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Tables;

/// <summary>
/// Stores each idempotency key as a row. There is one table for all days, because adding the row decides which request is first, also at
/// midnight. The age of a row is the service's time minus the row's timestamp. The partition key is the first digit of the hash: sixteen
/// partitions spread the load, and are few enough to be queried for expired rows.
/// </summary>
internal sealed class TableIdempotencyStore(TableServiceClient tables, IOptions<StorageOptions> options) : IIdempotencyStore
{
    private const int MaxRows = 100;
    private const string Digits = "0123456789abcdef";

    /// <summary>The column that rows with a response have; contains the HTTP status.</summary>
    private const string ResponseColumn = "Answer";

    private static readonly string[] KeyColumns = ["PartitionKey", "RowKey"];

    private readonly TableClient _table = tables.GetTableClient(options.Value.TablePrefix + "idempotency");

    public async Task<KeyState?> TryAddAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken)
    {
        var row = RowOf(key, state);
        try
        {
            return ToStored(state, await AddAsync(row, cancellationToken));
        }
        catch (RequestFailedException other) when (other.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return null;
        }
    }

    public async Task<KeyState?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var (partition, name) = KeysOf(key);
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(partition, name, cancellationToken: cancellationToken);

        return row.HasValue ? ToState(row.Value!, TimeOf(row.GetRawResponse())) : null;
    }

    public async Task<KeyState?> TryReplaceAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken)
    {
        try
        {
            return ToStored(
                state,
                await _table.UpdateEntityAsync(RowOf(key, state), new ETag(state.Version), TableUpdateMode.Replace, cancellationToken));
        }
        catch (RequestFailedException other) when (other.Status is 412 or 404)
        {
            return null;
        }
    }

    public async Task RemoveAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken)
    {
        var (partition, name) = KeysOf(key);
        try
        {
            await _table.DeleteEntityAsync(partition, name, new ETag(state.Version), cancellationToken);
        }
        catch (RequestFailedException other) when (other.Status == 412)
        {
            // Another request has the key now.
        }
    }

    public async Task RemoveOlderAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var none = await _table.GetEntityIfExistsAsync<TableEntity>(Digits[..1], Digits, KeyColumns, cancellationToken);
        var oldest = TimeOf(none.GetRawResponse()) - age;
        foreach (var partition in Digits.Select(digit => digit.ToString()))
        {
            var older = _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partition} and Timestamp lt {oldest}"),
                select: KeyColumns,
                cancellationToken: cancellationToken);
            try
            {
                await foreach (var rows in older.Chunk(MaxRows).WithCancellation(cancellationToken))
                {
                    await RemoveAsync(rows, cancellationToken);
                }
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == TableErrorCode.TableNotFound)
            {
                return;
            }
        }
    }

    private async Task<Response> AddAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            return await _table.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == TableErrorCode.TableNotFound)
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);
            return await _table.AddEntityAsync(row, cancellationToken);
        }
    }

    private async Task RemoveAsync(TableEntity[] rows, CancellationToken cancellationToken)
    {
        try
        {
            await _table.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag)),
                cancellationToken);
        }
        catch (RequestFailedException other) when (other.Status is 412 or 404)
        {
            // A key is in use again, or another instance removes these rows too. The next call removes the rest.
        }
    }

    private static (string Partition, string Name) KeysOf(IdempotencyKey key)
    {
        var hash = key.ToString();

        return (hash[..1], hash);
    }

    private static TableEntity RowOf(IdempotencyKey key, KeyState state)
    {
        var (partition, name) = KeysOf(key);
        var row = new TableEntity(partition, name);
        if (state.Response is not null)
        {
            JsonColumns.Write(row, JsonSerializer.SerializeToUtf8Bytes(state.Response, RowJson.Compact.StoredResponse));
            row[ResponseColumn] = state.Response.Status;
        }

        return row;
    }

    private static KeyState ToState(TableEntity row, DateTimeOffset now) => new()
    {
        Response = row.ContainsKey(ResponseColumn) ? ToResponse(row) : null,
        Age = now - row.Timestamp!.Value,
        Version = row.ETag.ToString(),
    };

    private static StoredResponse ToResponse(TableEntity row)
    {
        try
        {
            var response = JsonSerializer.Deserialize(JsonColumns.Read(row), RowJson.Compact.StoredResponse);

            return response is { Status: > 0, Headers: not null }
                ? response
                : throw new JsonException("The stored response is incomplete.");
        }
        catch (Exception unknown) when (unknown is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new UnknownRowException(unknown);
        }
    }

    private static DateTimeOffset TimeOf(Response response) => response.Headers.Date!.Value;

    private static KeyState ToStored(KeyState state, Response response) =>
        state with { Age = TimeSpan.Zero, Version = response.Headers.ETag?.ToString() ?? "" };
}
