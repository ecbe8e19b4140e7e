using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageResize.Core.Watches.Events;

/// <summary>A blob that was created or overwritten, as its event says. Anyone who can write to the queue can say anything.</summary>
public sealed record BlobEvent(string Container, string Name, string? ContentType, string Version)
{
    private const string Created = "Microsoft.Storage.BlobCreated";
    private const string SubjectStart = "/blobServices/default/containers/", SubjectMiddle = "/blobs/";

    /// <summary>Event Grid sends one event in a message.</summary>
    private const int MaxEvents = 100;

    private const int MaxVersionLength = 100;

    /// <summary>Reads the events of a message: in the schema of Event Grid or of CloudEvents, as JSON or its base64.</summary>
    /// <param name="account">The endpoint of the account. Events of other accounts are left out.</param>
    /// <returns>Events of blobs with bytes; null if the message contains no events at all.</returns>
    public static IReadOnlyList<BlobEvent>? Parse(string message, Uri account)
    {
        try
        {
            var events = JsonSerializer.Deserialize(DecodeJson(message), EventJson.Default.JsonElement);
            IEnumerable<JsonElement> all = events.ValueKind == JsonValueKind.Array ? events.EnumerateArray().Take(MaxEvents) : [events];

            return [.. all.Select(one => Read(one.Deserialize(EventJson.Default.StorageEvent), account)).OfType<BlobEvent>()];
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static byte[] DecodeJson(string message) => message.AsSpan().TrimStart() is ['{' or '[', ..]
        ? Encoding.UTF8.GetBytes(message)
        : Convert.FromBase64String(message);

    private static BlobEvent? Read(StorageEvent? one, Uri account)
    {
        if (one is not { Subject: { } subject, Data: { ETag: { Length: > 0 and <= MaxVersionLength } version, Url: { } url } data }
            || (one.EventType ?? one.Type) != Created
            || data.ContentLength == 0
            || !subject.StartsWith(SubjectStart, StringComparison.Ordinal))
        {
            return null;
        }

        var path = subject[SubjectStart.Length..];
        var middle = path.IndexOf(SubjectMiddle, StringComparison.Ordinal);
        if (middle <= 0 || !IsIn(account, url, path[..middle]))
        {
            return null;
        }

        return new BlobEvent(path[..middle], path[(middle + SubjectMiddle.Length)..], data.ContentType, version);
    }

    private static bool IsIn(Uri account, string url, string container) =>
        Uri.TryCreate(url, UriKind.Absolute, out var blob)
        && blob.Authority.Equals(account.Authority, StringComparison.OrdinalIgnoreCase)
        && blob.AbsolutePath.StartsWith($"{account.AbsolutePath.TrimEnd('/')}/{container}/", StringComparison.Ordinal);
}

/// <summary>What both schemas have in common, and the type of each.</summary>
internal sealed record StorageEvent(string? Subject, string? EventType, string? Type, StorageEventData? Data);

internal sealed record StorageEventData(string? ETag, string? Url, string? ContentType, long? ContentLength);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, MaxDepth = 16)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(StorageEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
