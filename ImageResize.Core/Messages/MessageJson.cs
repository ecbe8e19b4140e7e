using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Messages;

/// <summary>
/// Reads and writes messages as JSON. The names are those of the first version: during an update, old and new instances read each other's
/// messages.
/// </summary>
public static class MessageJson
{
    internal enum Kind
    {
        Slice,
        List,
        Watch,
        Callback,
        Purge,
        RemoveUpload,
    }

    internal enum Lane
    {
        Small,
        Bulk,
    }

    /// <summary>Years of rounds, and of deferrals. Counting on from there overflows at no time.</summary>
    private const int MaxCount = 100_000_000;

    public static BinaryData Serialize(WorkMessage message) =>
        BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(ToWire(message), MessageJsonContext.Default.Wire));

    /// <returns>Null if the bytes are not a message of this program.</returns>
    public static WorkMessage? Find(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MessageJsonContext.Default.Wire) is
            {
                Slice: >= 0, Round: >= 0 and <= MaxCount, Waits: >= 0 and <= MaxCount,
            } wire
                && Enum.IsDefined(wire.Lane)
                && BatchId.TryParse(wire.Batch, out var batch)
                && IsOwner(wire, batch)
                && FromWire(wire, batch) is { } message
                ? message with { Trace = wire.Trace, DeferCount = wire.Waits, Caller = wire.Caller }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the message is for the caller that its batch belongs to: thumbnails are stored for the caller of the message. Uploads can
    /// also be deleted by the operator, and their owner is checked again.
    /// </summary>
    private static bool IsOwner(Wire wire, BatchId batch) =>
        wire.Do == Kind.RemoveUpload || batch.Owner is not { } owner || owner == OwnerTag.Of(wire.Caller);

    private static Wire ToWire(WorkMessage message)
    {
        var lane = (Lane)message.Priority;
        var wire = new Wire(
            message.Batch.ToString(), default, 0, 0, message.Trace, lane, GoesOn: false, message.DeferCount, message.Caller);

        return message switch
        {
            SliceMessage slice => wire with
            {
                Slice = slice.Slice,
                Round = slice.IsSuspect ? 1 : 0,
                GoesOn = slice.IsContinuation,
                Remote = slice.IsRemote,
            },
            ListMessage => wire with { Do = Kind.List },
            WatchMessage watch => wire with { Do = Kind.Watch, Round = watch.Round },
            CallbackMessage callback => wire with { Do = Kind.Callback, Round = callback.PreviousAttempts },
            PurgeMessage => wire with { Do = Kind.Purge },
            RemoveUploadMessage => wire with { Do = Kind.RemoveUpload },
            _ => throw new UnreachableException(),
        };
    }

    private static WorkMessage? FromWire(Wire wire, BatchId batch) => wire.Do switch
    {
        Kind.Slice => new SliceMessage(batch, wire.Slice)
        {
            Priority = (MessagePriority)wire.Lane,
            IsSuspect = wire.Round > 0,
            IsContinuation = wire.GoesOn,
            IsRemote = wire.Remote,
        },
        Kind.List => new ListMessage(batch),
        Kind.Watch => new WatchMessage(batch) { Round = wire.Round },
        Kind.Callback => new CallbackMessage(batch) { PreviousAttempts = wire.Round },
        Kind.Purge => new PurgeMessage(batch),
        Kind.RemoveUpload => new RemoveUploadMessage(batch),
        _ => null,
    };

    /// <param name="Round">For a slice: above 0 if it is suspect. For a watch: its round. For a callback: the attempts before.</param>
    /// <param name="GoesOn">For a slice: whether it is a continuation.</param>
    /// <param name="Waits">The defer count.</param>
    /// <param name="Remote">For a slice: whether it has web images.</param>
    internal sealed record Wire(
        string? Batch,
        Kind Do,
        int Slice,
        int Round,
        string? Trace,
        Lane Lane,
        bool GoesOn,
        int Waits,
        string? Caller = null,
        bool Remote = false);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(MessageJson.Wire))]
internal sealed partial class MessageJsonContext : JsonSerializerContext;
