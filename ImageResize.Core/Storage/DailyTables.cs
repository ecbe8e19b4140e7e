using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace ImageResize.Core.Storage;

/// <summary>A table for each UTC day, so that a day can be dropped whole.</summary>
/// <param name="prefix">What their names begin with; the day follows.</param>
internal sealed class DailyTables(TableServiceClient tables, string prefix)
{
    private readonly DayNames _names = new(prefix);

    public TableClient Of(DateOnly day) => tables.GetTableClient(_names.Of(day));

    public async Task<IReadOnlyList<DateOnly>> DropBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var (first, after) = (_names.Of(DateOnly.MinValue), _names.Of(day));
        var old = tables.QueryAsync(TableClient.CreateQueryFilter($"TableName ge {first} and TableName lt {after}"), cancellationToken: cancellationToken);
        var dropped = new List<DateOnly>();
        await foreach (var table in old)
        {
            if (_names.FindDay(table.Name) is { } born)
            {
                await DropAsync(table.Name, cancellationToken);
                dropped.Add(born);
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
            // Another instance's retention was here first.
        }
    }
}
