using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using ImageResize.Core.Jobs;
using ImageResize.Core.Statistics;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Tables;

/// <summary>
/// Stores the minutes of all instances in the day's table: one partition, because one row per minute and instance is little data, and the
/// row key <c>&lt;hour and minute&gt;-&lt;instance&gt;</c>, so that rows are in the order of time.
/// </summary>
internal sealed class TableStatisticsStore(TableServiceClient tables, IOptions<StorageOptions> options) : IStatisticsStore
{
    private const string Partition = "statistics";

    private readonly DailyTables _days = new(tables, options.Value.TablePrefix);

    public async Task AddAsync(InstanceMinute minute, CancellationToken cancellationToken)
    {
        var table = _days.Of(DayOf(minute.At));
        var row = ToRow(minute);
        try
        {
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == TableErrorCode.TableNotFound)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }
    }

    public async IAsyncEnumerable<InstanceMinute> ReadAsync(
        DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var day = DayOf(from); day <= DayOf(until); day = day.AddDays(1))
        {
            var first = day == DayOf(from) ? KeyOf(from) : "";
            var after = day == DayOf(until) ? KeyOf(until) + '.' : ":"; // The characters after '-' and after '9'.
            var rows = _days.Of(day).QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {first} and RowKey lt {after}"),
                cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (rows)
            {
                while (await MoveNextAsync(rows))
                {
                    if (FindMinute(day, rows.Current) is { } minute)
                    {
                        yield return minute;
                    }
                }
            }
        }
    }

    /// <returns>False also if the day has no table.</returns>
    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<TableEntity> rows)
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

    private static TableEntity ToRow(InstanceMinute minute) => new(Partition, $"{KeyOf(minute.At)}-{minute.Instance}")
    {
        [nameof(InstanceMinute.StartedAt)] = minute.StartedAt,
        [nameof(WorkTotals.Accepted)] = minute.Work.Accepted,
        [nameof(WorkTotals.Succeeded)] = minute.Work.Succeeded,
        [nameof(WorkTotals.Failed)] = minute.Work.Failed,
        [nameof(WorkTotals.Canceled)] = minute.Work.Canceled,
        [nameof(WorkTotals.StorageFaults)] = minute.Work.StorageFaults,
        [nameof(InstanceMinute.CpuPercent)] = minute.CpuPercent,
        [nameof(InstanceMinute.MemoryBytes)] = minute.MemoryBytes,
        [nameof(InstanceMinute.ImagesInWork)] = minute.ImagesInWork,
        [nameof(InstanceMinute.Queued)] = minute.Queued,
        [nameof(InstanceMinute.Poisoned)] = minute.Poisoned,
    };

    /// <returns>Null for a row that another program has changed: the history is shown without it.</returns>
    private static InstanceMinute? FindMinute(DateOnly day, TableEntity row)
    {
        try
        {
            var minute = UnreadableRowException.Guard(row, row => ToMinute(day, row));

            return double.IsFinite(minute.CpuPercent) ? minute : null;
        }
        catch (UnreadableRowException)
        {
            return null;
        }
    }

    private static InstanceMinute ToMinute(DateOnly day, TableEntity row) => new(
        new DateTimeOffset(
            day.ToDateTime(TimeOnly.ParseExact(row.RowKey.AsSpan(0, 4), "HHmm", CultureInfo.InvariantCulture)), TimeSpan.Zero),
        row.RowKey[5..])
    {
        StartedAt = row.GetDateTimeOffset(nameof(InstanceMinute.StartedAt)) ?? default,
        Work = new WorkTotals(
            row.GetInt64(nameof(WorkTotals.Accepted)) ?? 0,
            row.GetInt64(nameof(WorkTotals.Succeeded)) ?? 0,
            row.GetInt64(nameof(WorkTotals.Failed)) ?? 0,
            row.GetInt64(nameof(WorkTotals.Canceled)) ?? 0,
            row.GetInt64(nameof(WorkTotals.StorageFaults)) ?? 0),
        CpuPercent = row.GetDouble(nameof(InstanceMinute.CpuPercent)) ?? 0,
        MemoryBytes = row.GetInt64(nameof(InstanceMinute.MemoryBytes)) ?? 0,
        ImagesInWork = row.GetInt32(nameof(InstanceMinute.ImagesInWork)) ?? 0,
        Queued = row.GetInt32(nameof(InstanceMinute.Queued)),
        Poisoned = row.GetInt32(nameof(InstanceMinute.Poisoned)),
    };

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private static string KeyOf(DateTimeOffset time) => time.UtcDateTime.ToString("HHmm", CultureInfo.InvariantCulture);
}
