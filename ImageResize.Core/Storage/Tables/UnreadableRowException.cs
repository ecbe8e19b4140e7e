using System.Text.Json;
using Azure.Data.Tables;

namespace ImageResize.Core.Storage.Tables;

/// <summary>A row that another program has changed. No retry can read it, unless a newer version of this program has written it.</summary>
internal sealed class UnreadableRowException(TableEntity row, Exception reason)
    : Exception($"The row {row.PartitionKey} {row.RowKey} can't be read: {reason.Message.Split('\n')[0]}", reason)
{
    /// <summary>Turns everything that unexpected columns cause into this exception.</summary>
    public static T Guard<T>(TableEntity row, Func<TableEntity, T> read)
    {
        try
        {
            return read(row);
        }
        catch (Exception invalid) when (IsInvalid(invalid))
        {
            throw new UnreadableRowException(row, invalid);
        }
    }

    /// <summary>A column that is missing, has another type, or contains no valid JSON.</summary>
    private static bool IsInvalid(Exception exception) => exception
        is JsonException or InvalidDataException or InvalidOperationException or FormatException or OverflowException or ArgumentException;
}
