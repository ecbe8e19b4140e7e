using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Jobs;

/// <summary>What a message asks for.</summary>
public enum WorkKind
{
    /// <summary>Carry out the jobs of a slice.</summary>
    Slice,

    /// <summary>Go on listing the batch's folder.</summary>
    List,

    /// <summary>Look after a batch: sum it up, put idle slices again, notice its end.</summary>
    Watch,

    /// <summary>Tell the batch's receiver that it has ended.</summary>
    Callback,
}

/// <summary>Which queue a message travels on.</summary>
public enum WorkLane
{
    /// <summary>Small requests, and what looks after batches.</summary>
    Small,

    /// <summary>The slices of large batches, their listing and their callbacks: nobody sits and waits for one of them.</summary>
    Bulk,
}

/// <summary>What the queue carries: names of things in the tables, nothing that a stranger could use.</summary>
/// <param name="Round">
/// For a watch: how often it has come by; for a slice: above 0 when its worker may have died; for a callback: the attempts before this.
/// </param>
/// <param name="Trace">The W3C traceparent of the request that submitted the batch.</param>
public sealed record WorkMessage(WorkKind Kind, BatchId Batch, int Slice = 0, int Round = 0, string? Trace = null, WorkLane Lane = WorkLane.Small)
{
    /// <summary>A slice's message after one that ended well: its worker ran out of time, or was stopped, and nobody died of it.</summary>
    public bool GoesOn { get; init; }

    /// <summary>How often it has been put again because storage was away, the place for thumbnails took none, or its batch was not there yet.</summary>
    public int Waits { get; init; }

    public BinaryData ToJson() =>
        BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(
            new Wire(Batch.ToString(), Kind, Slice, Round, Trace, Lane, GoesOn, Waits),
            WireContext.Default.Wire));

    /// <summary>Null when the bytes are no message of ours.</summary>
    public static WorkMessage? Find(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WireContext.Default.Wire) is { Slice: >= 0, Round: >= 0, Waits: >= 0 } wire
                && Enum.IsDefined(wire.Do)
                && Enum.IsDefined(wire.Lane)
                && BatchId.TryParse(wire.Batch, out var batch)
                ? new WorkMessage(wire.Do, batch, wire.Slice, wire.Round, wire.Trace, wire.Lane) { GoesOn = wire.GoesOn, Waits = wire.Waits }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Wire(string? Batch, WorkKind Do, int Slice, int Round, string? Trace, WorkLane Lane, bool GoesOn, int Waits);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(WorkMessage.Wire))]
internal sealed partial class WireContext : JsonSerializerContext;
