using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageResize.Core.Sources;

/// <summary>Writes sources redacted. Storage has a converter of its own, which writes the whole text.</summary>
internal sealed class SourceUriJsonConverter : JsonConverter<SourceUri>
{
    public override SourceUri Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SourceUri.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, SourceUri value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Redacted);
}
