using Azure.Data.Tables;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Storage.Tables;

/// <summary>The row of a batch's callback, beside the batch's header. It exists once the batch has ended.</summary>
internal static class CallbackRow
{
    public const string Key = "callback";

    public static TableEntity Of(BatchId batch, CallbackStatus callback) => Rows.Add(
        new TableEntity(batch.ToString(), Key)
        {
            [nameof(CallbackStatus.EndedAt)] = callback.EndedAt,
            [nameof(CallbackStatus.Total)] = callback.Total,
            [nameof(CallbackStatus.IsCanceled)] = callback.IsCanceled,
            [nameof(CallbackStatus.State)] = callback.State.ToString(),
            [nameof(CallbackStatus.Attempts)] = callback.Attempts,
            [nameof(CallbackStatus.LastStatus)] = callback.LastStatus,
            [nameof(CallbackStatus.LastReason)] = callback.LastReason,
            [nameof(CallbackStatus.NextAttemptAt)] = callback.NextAttemptAt,
        },
        callback.Counts);

    /// <exception cref="UnreadableRowException">Another program has changed the row.</exception>
    public static CallbackStatus ToCallback(TableEntity row) => UnreadableRowException.Guard(row, Read);

    private static CallbackStatus Read(TableEntity row) =>
        new(
            row.GetDateTimeOffset(nameof(CallbackStatus.EndedAt)) ?? default,
            row.GetInt32(nameof(CallbackStatus.Total)) ?? 0,
            Rows.CountsOf(row))
        {
            IsCanceled = row.GetBoolean(nameof(CallbackStatus.IsCanceled)) ?? false,
            State = Enum.Parse<CallbackState>(row.GetString(nameof(CallbackStatus.State))),
            Attempts = row.GetInt32(nameof(CallbackStatus.Attempts)) ?? 0,
            LastStatus = row.GetInt32(nameof(CallbackStatus.LastStatus)),
            LastReason = row.GetString(nameof(CallbackStatus.LastReason)),
            NextAttemptAt = row.GetDateTimeOffset(nameof(CallbackStatus.NextAttemptAt)),
            Version = row.ETag.ToString(),
        };
}
