using System.Text.Json.Nodes;

namespace ImageResize.OpenApi.Operations;

/// <summary>A body of one content type.</summary>
/// <param name="Schema">As JSON, or the name of a component; null for bytes.</param>
/// <param name="Examples">Names and values, as JSON or text.</param>
internal sealed record Content(string Type, string? Schema, params (string Name, string Value)[] Examples)
{
    public const string Json = "application/json";

    public static JsonObject ToJson(IEnumerable<Content> contents) =>
        new(contents.Select(content => KeyValuePair.Create(content.Type, (JsonNode?)content.ToJson())));

    private JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Schema is not null)
        {
            json["schema"] = Schema.StartsWith('{')
                ? JsonNode.Parse(Schema) : new JsonObject { ["$ref"] = $"#/components/schemas/{Schema}" };
        }

        if (Examples.Length > 0)
        {
            json["examples"] = new JsonObject(Examples.Select(example =>
                KeyValuePair.Create(example.Name, (JsonNode?)new JsonObject { ["value"] = ValueOf(example.Value) })));
        }

        return json;
    }

    private JsonNode? ValueOf(string text) => Type == Json ? JsonNode.Parse(text) : JsonValue.Create(text);
}
