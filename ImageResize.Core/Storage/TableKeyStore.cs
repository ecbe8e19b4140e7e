using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using ImageResize.Core.Idempotency;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage;

/// <summary>
/// Keeps each idempotency key as one row of one table. No day is in the row's name: adding it decides who is first, at midnight
/// too. The service's clock says how old a row is: when it was written last, and what time the answer was given. A partition for
/// each first digit of the hash: sixteen spread the load, and are few enough to be asked for what is old.
/// </summary>
internal sealed class TableKeyStore(TableServiceClient tables, IOptions<StorageOptions> options) : IKeyStore
{
    private const int RowsAtOnce = 100;
    private const string Digits = "0123456789abcdef";

    private static readonly string[] NameColumns = ["PartitionKey", "RowKey"];

    private readonly TableClient _table = tables.GetTableClient(options.Value.TablePrefix + "idempotency");

    public async Task<KeyState?> FindAddedAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken)
    {
        var row = RowOf(key, state);
        try
        {
            return Stored(state, await AddAsync(row, cancellationToken));
        }
        catch (RequestFailedException other) when (other.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return null;
        }
    }

    public async Task<KeyState?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var (partition, name) = NamesOf(key);
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(partition, name, cancellationToken: cancellationToken);

        return row.HasValue ? ToState(row.Value!, NowBy(row.GetRawResponse())) : null;
    }

    public async Task<KeyState?> FindReplacedAsync(IdempotencyKey key, KeyState state, CancellationToken cancellationToken)
    {
        try
        {
            return Stored(
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
        var (partition, name) = NamesOf(key);
        try
        {
            await _table.DeleteEntityAsync(partition, name, new ETag(state.Version), cancellationToken);
        }
        catch (RequestFailedException other) when (other.Status == 412)
        {
            // Someone else's by now.
        }
    }

    public async Task RemoveOlderAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var noRow = await _table.GetEntityIfExistsAsync<TableEntity>(Digits[..1], Digits, NameColumns, cancellationToken);
        var oldest = NowBy(noRow.GetRawResponse()) - age;
        foreach (var partition in Digits.Select(digit => digit.ToString()))
        {
            var older = _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partition} and Timestamp lt {oldest}"),
                select: NameColumns,
                cancellationToken: cancellationToken);
            try
            {
                await foreach (var rows in older.Chunk(RowsAtOnce).WithCancellation(cancellationToken))
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
            // One of them is in use again, or another process removes them too: the rest waits for the next time.
        }
    }

    private static (string Partition, string Name) NamesOf(IdempotencyKey key)
    {
        var hash = key.ToString();

        return (hash[..1], hash);
    }

    private static TableEntity RowOf(IdempotencyKey key, KeyState state)
    {
        var (partition, name) = NamesOf(key);
        var row = new TableEntity(partition, name);
        if (state.Answer is not null)
        {
            JsonColumns.Write(row, JsonSerializer.SerializeToUtf8Bytes(state.Answer, RowJson.Compact.Answer));
            row[nameof(KeyState.Answer)] = state.Answer.Status;
        }

        return row;
    }

    private static KeyState ToState(TableEntity row, DateTimeOffset now) => new()
    {
        Answer = row.ContainsKey(nameof(KeyState.Answer)) ? ToAnswer(row) : null,
        Age = now - row.Timestamp!.Value,
        Version = row.ETag.ToString(),
    };

    private static Answer ToAnswer(TableEntity row)
    {
        try
        {
            return JsonSerializer.Deserialize(JsonColumns.Read(row), RowJson.Compact.Answer) is { Status: > 0, Headers: not null } answer
                ? answer
                : throw new JsonException("Not all of an answer is there.");
        }
        catch (Exception unknown) when (unknown is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new UnknownRowException(unknown);
        }
    }

    private static DateTimeOffset NowBy(Response response) => response.Headers.Date!.Value;

    private static KeyState Stored(KeyState state, Response response) =>
        state with { Age = TimeSpan.Zero, Version = response.Headers.ETag?.ToString() ?? "" };
}
