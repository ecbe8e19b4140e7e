using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace ImageResize.Core.Storage.Tables;

/// <summary>One table for each UTC day, so that a whole day can be dropped at once.</summary>
/// <param name="prefix">The beginning of the tables' names, before the day.</param>
internal sealed class DailyTables(TableServiceClient tables, string prefix)
{
    private readonly DayNames _names = new(prefix);

    public TableClient Of(DateOnly day) => tables.GetTableClient(_names.Of(day));

    /// <returns>Null if the row or the whole table does not exist.</returns>
    public async Task<TableEntity?> FindRowAsync(DateOnly day, string partition, string key, CancellationToken cancellationToken)
    {
        var row = await Of(day).GetEntityIfExistsAsync<TableEntity>(partition, key, cancellationToken: cancellationToken);

        return row.HasValue ? row.Value : null;
    }

    /// <summary>Creates the day's table if it does not exist.</summary>
    public static async Task SubmitAsync(
        TableClient table, List<TableTransactionAction> transaction, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(transaction, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == TableErrorCode.TableNotFound)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            await table.SubmitTransactionAsync(transaction, cancellationToken);
        }
    }

    /// <returns>False also if nothing was submitted on the day, or it was dropped.</returns>
    public static async Task<bool> MoveNextAsync<T>(IAsyncEnumerator<T> rows)
    {
        try
        {
            return await rows.MoveNextAsync();
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == TableErrorCode.TableNotFound)
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<DateOnly>> DropBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var (first, after) = (_names.Of(DateOnly.MinValue), _names.Of(day));
        var old = tables.QueryAsync(
            TableClient.CreateQueryFilter($"TableName ge {first} and TableName lt {after}"),
            cancellationToken: cancellationToken);
        var dropped = new List<DateOnly>();
        await foreach (var table in old)
        {
            if (_names.FindDay(table.Name) is { } found)
            {
                await DropAsync(table.Name, cancellationToken);
                dropped.Add(found);
            }
        }

        return dropped;
    }

    private async Task DropAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            await tables.DeleteTableAsync(table, cancellationToken);
        }
        catch (RequestFailedException other) when (other.ErrorCode == TableErrorCode.TableBeingDeleted)
        {
            // Another instance is dropping it.
        }
    }
}
