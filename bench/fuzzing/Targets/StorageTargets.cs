using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Core.Storage.Tables;
using ImageResize.Core.Watches.Events;

namespace ImageResize.Fuzzing.Targets;

/// <summary>Code that reads queue messages and rows of tables, which someone with access to the storage account can change.</summary>
internal static class StorageTargets
{
    private static readonly BatchId Batch = BatchId.TryParse("01a21322-960f-70ac-8940-5b83b5ef6f5b", out var id) ? id : default;

    private static readonly Uri Account = new("https://account.blob.core.windows.net");

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("message", ReadMessage)
        {
            Words = FuzzTargets.Words(
                "\"batch\":", "\"01a21322-960f-70ac-8940-5b83b5ef6f5b\"", "\"do\":\"Slice\"", "\"do\":\"Watch\"", "\"do\":\"Callback\"",
                "\"do\":\"Purge\"",
                "\"do\":\"RemoveUpload\"", "\"slice\":", "\"round\":", "\"waits\":", "\"lane\":\"Bulk\"", "\"goesOn\":true", "\"caller\":",
                "\"trace\":", "2147483647", "-1"),
        },
        new("event", message => _ = BlobEvent.Parse(Encoding.UTF8.GetString(message), Account))
        {
            Words = FuzzTargets.Words(
                "\"eventType\":\"Microsoft.Storage.BlobCreated\"", "\"type\":",
                "\"subject\":\"/blobServices/default/containers/a/blobs/b\"", "\"data\":{", "\"eTag\":",
                "\"url\":\"https://account.blob.core.windows.net/a/b\"", "\"contentLength\":", "[", "]"),
        },
        new("row", ReadRow)
        {
            Words = FuzzTargets.Words(
                "\"RowKey\":", "\"Json\":\"", "\\\"", "\"Packed0\":[", "\"Total\":", "\"SliceSize\":", "\"IsDone\":", "\"Succeeded\":",
                "\"State\":\"Pending\"", "\"Jobs\":", "null",
                "-1", "2147483647", "true", "\\\"sources\\\":[", "\\\"actions\\\":[", "\\\"actionsOf\\\":[", "\\\"first\\\":",
                "\\\"thumbnails\\\":[", "\\\"width\\\":"),
        },
    ];

    private static void ReadMessage(byte[] json)
    {
        _ = MessageText.Find(Encoding.UTF8.GetString(json));
        if (MessageJson.Find(json) is { } message && MessageJson.Find(MessageJson.Serialize(message)) != message)
        {
            throw new InvalidOperationException($"{message} becomes {MessageJson.Find(MessageJson.Serialize(message))}.");
        }
    }

    private static void ReadRow(byte[] json)
    {
        if (ToRow(json) is not { } row)
        {
            return;
        }

        foreach (var read in (Action[])
        [
            () => Rows.ToBatch(Batch, row), () => Rows.ToSlice(0, row), () => Rows.ToProgress(row), () => Rows.ToResult(row),
            () => CallbackRow.ToCallback(row), () => Rows.ToListed(row),
        ])
        {
            try
            {
                read();
            }
            catch (UnreadableRowException)
            {
                // The message that needs the row fails, and is given up at last.
            }
        }
    }

    /// <returns>A row with the properties of a JSON object; null if the text is none. Numbers in lists are bytes.</returns>
    private static TableEntity? ToRow(byte[] json)
    {
        try
        {
            using var columns = JsonDocument.Parse(json);
            if (columns.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var row = new TableEntity(Batch.ToString(), "slice-00000") { ETag = new Azure.ETag("1"), Timestamp = DateTimeOffset.UnixEpoch };
            foreach (var column in columns.RootElement.EnumerateObject().Where(IsColumn))
            {
                row[column.Name] = ToValue(column.Value);
            }

            return row;
        }
        catch (Exception invalid) when (invalid is JsonException or InvalidOperationException or InvalidCastException)
        {
            return null;
        }
    }

    /// <summary>The service itself sets the keys and the time.</summary>
    private static bool IsColumn(JsonProperty column) => column.Name switch
    {
        "" or "PartitionKey" or "Timestamp" or "odata.etag" => false,
        "RowKey" => column.Value.ValueKind == JsonValueKind.String,
        _ => true,
    };

    private static object? ToValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.TryGetDateTimeOffset(out var time) => time,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt32(out var number) ? number : value.TryGetInt64(out var large) ? large : value.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Array => value.EnumerateArray().Select(item => item.TryGetByte(out var one) ? one : (byte)0).ToArray(),
        _ => null,
    };
}
