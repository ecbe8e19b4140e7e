using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Storage.Tables;

/// <summary>
/// The keys and columns of a day's table. The partition <c>&lt;batch&gt;</c> contains the batch's header, slices, end and callback, so that
/// one transaction can write a header and slices. The partition <c>&lt;batch&gt;-&lt;block&gt;</c> contains the results of 100 consecutive
/// jobs, one row each, so that one transaction can write all results of a slice. The partition <c>owner-&lt;tag&gt;</c> contains a row for
/// each listed batch of a caller, the newest first.
/// </summary>
internal static class Rows
{
    public const string HeaderKey = "batch";
    public const string EndedKey = "ended";

    /// <summary>The keys of slices are between this and <see cref="AfterSlices"/>.</summary>
    public const string FirstSlice = "slice-";
    public const string AfterSlices = "slice.";

    public static readonly string[] ProgressColumns =
    [
        "RowKey", "Timestamp", nameof(Slice.IsDone), nameof(JobCounts.Succeeded), nameof(JobCounts.Failed), nameof(JobCounts.Canceled),
        nameof(SliceProgress.Requeues), nameof(SliceProgress.Jobs), nameof(Slice.IsCanceled),
    ];

    public static string SliceKey(int number) => $"{FirstSlice}{number:D5}";

    public static string BlockPartition(BatchId batch, int job) => $"{batch}-{job / SliceSizes.Block}";

    public static string ResultKey(int job) => $"{job % SliceSizes.Block:D2}";

    public static string OwnerPartition(OwnerTag owner) => $"owner-{owner}";

    public static string ListedKey(BatchId id) => NewestFirst.KeyOf(id.SubmittedAt, id);

    public static TableEntity Listed(BatchId id) => new(OwnerPartition(id.Owner ?? default), ListedKey(id));

    /// <returns>Null if another version has written the row.</returns>
    public static BatchId? ToListed(TableEntity row) =>
        row.RowKey.Length > NewestFirst.TimeLength && BatchId.TryParse(row.RowKey[NewestFirst.TimeLength..], out var id) ? id : null;

    public static TableEntity Of(Batch batch)
    {
        var row = new TableEntity(batch.Id.ToString(), HeaderKey) { [nameof(Batch.SliceSize)] = batch.SliceSize };
        if (batch.Total is { } total)
        {
            row[nameof(Batch.Total)] = total;
        }

        row[nameof(Batch.Name)] = batch.Name;
        row[nameof(Batch.Callback)] = batch.Callback;
        if (batch.Listing is { } listing)
        {
            JsonColumns.Write(row, JsonSerializer.SerializeToUtf8Bytes(listing, RowJson.Compact.Listing));
        }

        if (batch.Skipped.Count > 0)
        {
            JsonColumns.Write(
                row, JsonSerializer.SerializeToUtf8Bytes(batch.Skipped, RowJson.Compact.IReadOnlyListSkippedFiles), nameof(Batch.Skipped));
        }

        row[nameof(Batch.IsSingle)] = batch.IsSingle;
        row[nameof(Batch.IsCanceled)] = batch.IsCanceled;
        row[nameof(Batch.RetryOf)] = batch.RetryOf;
        if (batch.IsPurged)
        {
            row[nameof(Batch.IsPurged)] = true;
        }

        row[nameof(Batch.Caller)] = batch.Caller;

        return Add(row, batch.Counts);
    }

    /// <exception cref="UnreadableRowException">Another program has changed the row; also in the other methods.</exception>
    public static Batch ToBatch(BatchId id, TableEntity row) => UnreadableRowException.Guard(row, row => ReadBatch(id, row));

    private static Batch ReadBatch(BatchId id, TableEntity row) => RowRules.Check(new Batch(id)
    {
        Total = row.GetInt32(nameof(Batch.Total)),
        Name = row.GetString(nameof(Batch.Name)),
        Callback = row.GetString(nameof(Batch.Callback)),
        SliceSize = row.GetInt32(nameof(Batch.SliceSize)) ?? 1,
        Listing = row.ContainsKey(nameof(Batch.Total))
            ? null
            : JsonSerializer.Deserialize(JsonColumns.Read(row), RowJson.Compact.Listing),
        Skipped = JsonColumns.Contains(row, nameof(Batch.Skipped))
            ? JsonSerializer.Deserialize(JsonColumns.Read(row, nameof(Batch.Skipped)), RowJson.Compact.IReadOnlyListSkippedFiles)!
            : [],
        IsSingle = row.GetBoolean(nameof(Batch.IsSingle)) ?? false,
        IsCanceled = row.GetBoolean(nameof(Batch.IsCanceled)) ?? false,
        IsPurged = row.GetBoolean(nameof(Batch.IsPurged)) ?? false,
        RetryOf = row.GetString(nameof(Batch.RetryOf)),
        Caller = row.GetString(nameof(Batch.Caller)),
        Counts = CountsOf(row),
        Version = row.ETag.ToString(),
    });

    public static TableEntity Of(BatchId batch, Slice slice)
    {
        var row = new TableEntity(batch.ToString(), SliceKey(slice.Number))
        {
            [nameof(Slice.IsDone)] = slice.IsDone,
            [nameof(SliceProgress.Jobs)] = slice.Jobs.Count,
        };
        JsonColumns.Write(row, JsonSerializer.SerializeToUtf8Bytes(StoredSlice.Of(slice), RowJson.Compact.StoredSlice));

        return row;
    }

    public static Slice ToSlice(int number, TableEntity row) => UnreadableRowException.Guard(
        row,
        row => RowRules.Check(JsonSerializer.Deserialize(JsonColumns.Read(row), RowJson.Compact.StoredSlice))
            .ToSlice(number, row.GetBoolean(nameof(Slice.IsDone)) ?? false) with
        {
            IsCanceled = row.GetBoolean(nameof(Slice.IsCanceled)) ?? false,
        });

    public static TableEntity Progress(BatchId batch, int slice, bool isDone, JobCounts counts) =>
        Add(new TableEntity(batch.ToString(), SliceKey(slice)) { [nameof(Slice.IsDone)] = isDone }, counts);

    public static SliceProgress ToProgress(TableEntity row) => UnreadableRowException.Guard(row, row => new SliceProgress(
        int.Parse(row.RowKey[FirstSlice.Length..], NumberStyles.None, CultureInfo.InvariantCulture),
        row.GetBoolean(nameof(Slice.IsDone)) ?? false,
        CountsOf(row),
        row.Timestamp ?? default,
        row.GetInt32(nameof(SliceProgress.Requeues)) ?? 0,
        row.GetInt32(nameof(SliceProgress.Jobs)) ?? 0)
    {
        IsCanceled = row.GetBoolean(nameof(Slice.IsCanceled)) ?? false,
    });

    public static TableEntity Of(BatchId batch, int job, bool isSingle, JobResult result)
    {
        var id = new JobId(batch, isSingle ? null : job);
        var row = new TableEntity(BlockPartition(batch, job), ResultKey(job))
        {
            // The job's id distinguishes the only job of a batch from the first of many.
            ["Job"] = id.ToString(),
            ["State"] = JobStatus.Of(result).State.ToString(),
        };
        JsonColumns.Write(row, JsonSerializer.SerializeToUtf8Bytes(result, RowJson.Compact.JobResult));

        return row;
    }

    public static JobResult ToResult(TableEntity row) => UnreadableRowException.Guard(
        row, row => RowRules.Check(JsonSerializer.Deserialize(JsonColumns.Read(row), RowJson.Compact.JobResult)));

    /// <returns>The number of the job in its block of results.</returns>
    public static int ToNumber(TableEntity result) => UnreadableRowException.Guard(
        result, row => int.Parse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture));

    public static TableEntity Add(TableEntity row, JobCounts counts)
    {
        row[nameof(JobCounts.Succeeded)] = counts.Succeeded;
        row[nameof(JobCounts.Failed)] = counts.Failed;
        row[nameof(JobCounts.Canceled)] = counts.Canceled;

        return row;
    }

    public static JobCounts CountsOf(TableEntity row) =>
        new(
            row.GetInt32(nameof(JobCounts.Succeeded)) ?? 0,
            row.GetInt32(nameof(JobCounts.Failed)) ?? 0,
            row.GetInt32(nameof(JobCounts.Canceled)) ?? 0);
}
