using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Storage;

/// <summary>Writes sources with their query, which is needed to read them again.</summary>
internal sealed class StoredSourceUriConverter : JsonConverter<SourceUri>
{
    public override SourceUri Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SourceUri.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, SourceUri value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Unredacted);
}
