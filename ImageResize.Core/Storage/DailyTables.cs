using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace ImageResize.Core.Storage;

/// <summary>A table for each UTC day, so that a day can be dropped whole.</summary>
/// <param name="prefix">What their names begin with; the day follows.</param>
internal sealed class DailyTables(TableServiceClient tables, string prefix)
{
    private const string DayFormat = "yyyyMMdd";

    public TableClient Of(DateOnly day) => tables.GetTableClient(NameOf(day));

    public async Task<IReadOnlyList<DateOnly>> DropBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var (first, after) = (NameOf(DateOnly.MinValue), NameOf(day));
        var old = tables.QueryAsync(TableClient.CreateQueryFilter($"TableName ge {first} and TableName lt {after}"), cancellationToken: cancellationToken);
        var dropped = new List<DateOnly>();
        await foreach (var table in old)
        {
            if (DateOnly.TryParseExact(table.Name[prefix.Length..], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var born))
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

    private string NameOf(DateOnly day) => prefix + day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
