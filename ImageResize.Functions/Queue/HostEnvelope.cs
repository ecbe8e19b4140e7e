using System.Text.Json;

namespace ImageResize.Functions.Queue;

/// <summary>
/// What the Functions host wraps a queue message in. With <c>"dataType": "binary"</c> in function.json the message is plain
/// base64 under the binding's name, and metadata are strings: <c>{"Data":{"message":"eyJ..."},"Metadata":{"DequeueCount":"1",...}}</c>.
/// </summary>
internal sealed record HostEnvelope(byte[] Body, long Delivery)
{
    private const string Binding = "message";

    /// <exception cref="BadHttpRequestException">It is no such envelope.</exception>
    public static HostEnvelope Of(JsonElement envelope)
    {
        try
        {
            var body = envelope.GetProperty("Data").GetProperty(Binding).GetBytesFromBase64();
            var delivery = long.Parse(envelope.GetProperty("Metadata").GetProperty("DequeueCount").GetString()!);

            return new HostEnvelope(body, delivery);
        }
        catch (Exception other) when (other is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            throw new BadHttpRequestException("The body is no queue message as the Functions host sends it.");
        }
    }
}
