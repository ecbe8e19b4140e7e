using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Batches;

namespace ImageResize.Core.Callbacks;

/// <summary>The body of a callback: an event as Standard Webhooks defines it. Each attempt sends the same bytes.</summary>
internal sealed record CallbackBody(string Type, DateTime Timestamp, CallbackBody.BatchData Data)
{
    public static byte[] Of(Batch batch, CallbackStatus callback)
    {
        var (succeeded, failed, canceled) = callback.Counts;
        var data = new BatchData(
            batch.Id.ToString(),
            batch.Name,
            callback.IsCanceled ? "canceled" : "completed",
            callback.Total,
            new DataCounts(succeeded, failed, canceled));

        return JsonSerializer.SerializeToUtf8Bytes(
            new CallbackBody("batch.completed", callback.EndedAt.UtcDateTime, data),
            CallbackJson.Default.CallbackBody);
    }

    internal sealed record BatchData(string Id, string? Name, string State, int Total, DataCounts Counts);

    internal sealed record DataCounts(int Succeeded, int Failed, int Canceled);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallbackBody))]
internal sealed partial class CallbackJson : JsonSerializerContext;
