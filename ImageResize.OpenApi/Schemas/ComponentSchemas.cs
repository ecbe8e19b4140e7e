using System.Text.Json.Nodes;

namespace ImageResize.OpenApi.Schemas;

/// <summary>The schemas of the document: those that ASP.NET Core makes of the types, described and corrected, and some others.</summary>
internal static class ComponentSchemas
{
    /// <summary>Properties of responses that are null instead of missing.</summary>
    private static readonly HashSet<string> Nullable = ["BatchReply.total", "CountsReply.queued"];

    /// <summary>Other properties that may be missing, although ASP.NET Core doesn't find that they're nullable.</summary>
    private static readonly HashSet<string> Optional = ["BatchRequest.callback", "CallbackReply.lastStatus"];

    /// <summary>Schemas that ASP.NET Core makes of types that are not JSON in responses.</summary>
    private static readonly HashSet<string> Unused = ["SseItemOfBatchReply"];

    public static JsonObject Of(JsonObject generated)
    {
        var schemas = generated.Where(schema => !Unused.Contains(schema.Key))
            .Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)Complete(schema.Key, schema.Value!.DeepClone().AsObject())))
            .Append(KeyValuePair.Create("DirectThumbnailRequest", (JsonNode?)DirectRequestOf(generated)))
            .Concat(OtherSchemas.All.DeepClone().AsObject().Select(schema => KeyValuePair.Create(schema.Key, schema.Value?.DeepClone())));

        return new JsonObject(schemas.OrderBy(schema => schema.Key, StringComparer.Ordinal));
    }

    /// <summary>The options of a thumbnail, or a preset, beside the source.</summary>
    private static JsonObject DirectRequestOf(JsonObject generated)
    {
        var request = Complete("ThumbnailRequest", generated["ThumbnailRequest"]!.DeepClone().AsObject());
        var properties = request["properties"]!.AsObject();
        properties["source"] = JsonNode.Parse("""{ "type": "string", "minLength": 1, "description": "The source: one image." }""");
        properties["preset"] = JsonNode.Parse(
            """{ "type": "string", "minLength": 1, "description": "A thumbnail of the settings, instead of the other options." }""");
        properties["format"] = JsonNode.Parse(SchemaTexts.DirectFormat);
        properties["format"]!["description"] = "The format of the thumbnail.";
        request["description"] = "A thumbnail in the same answer.";
        request["required"] = new JsonArray("source");
        request.Remove("anyOf");

        return request;
    }

    private static JsonObject Complete(string name, JsonObject schema)
    {
        var isRequest = name.EndsWith("Request", StringComparison.Ordinal);
        if (!isRequest)
        {
            // Clients must ignore properties that later versions add.
            schema.Remove("additionalProperties");
        }

        if (schema.ContainsKey("enum"))
        {
            schema["type"] = "string";
        }

        var required = (schema["required"] as JsonArray ?? []).Select(property => property!.GetValue<string>()).ToHashSet();
        foreach (var (property, value) in (schema["properties"] as JsonObject ?? []).ToList())
        {
            var path = $"{name}.{property}";
            if ((IsNullable(value!) || Optional.Contains(path)) && !Nullable.Contains(path))
            {
                required.Remove(property);
            }

            schema["properties"]![property] = Describe(path, Simplify(value!.DeepClone().AsObject(), isRequest));
        }

        schema.Remove("required");
        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(property => JsonValue.Create(property))]);
        }

        return Correct(name, schema);
    }

    private static bool IsNullable(JsonNode schema) =>
        (schema["type"] as JsonArray ?? schema["oneOf"] as JsonArray ?? []).Any(IsNull);

    /// <summary>Is the name or the schema of null.</summary>
    private static bool IsNull(JsonNode? type) => (type is JsonObject schema ? schema["type"] : type)?.ToString() == "null";

    /// <summary>Removes what only describes how the program reads JSON: numbers as strings and, in responses, null.</summary>
    private static JsonObject Simplify(JsonObject schema, bool isRequest)
    {
        if (!isRequest && schema["oneOf"] is JsonArray choices)
        {
            return choices.Single(choice => !IsNull(choice))!.DeepClone().AsObject();
        }

        if (schema["format"]?.ToString() is "int32" or "int64" or "double")
        {
            schema.Remove("pattern");
            schema["type"] = schema["format"]!.ToString() == "double" ? "number" : "integer";
        }

        if (schema["minLength"]?.GetValue<int>() == 0)
        {
            schema.Remove("minLength");
        }

        if (!isRequest && schema["type"] is JsonArray types)
        {
            schema["type"] = types.Single(type => !IsNull(type))!.GetValue<string>();
        }

        return schema;
    }

    private static JsonNode? FindText(string property) =>
        SchemaTexts.Properties[property] ?? UploadTexts.Properties[property] ?? WatchTexts.Properties[property];

    private static JsonNode? FindCorrections(string name) =>
        SchemaTexts.Corrections[name] ?? UploadTexts.Corrections[name] ?? WatchTexts.Corrections[name];

    private static JsonObject Describe(string property, JsonObject schema)
    {
        schema["description"] = FindText(property)?.GetValue<string>()
            ?? throw new InvalidOperationException($"The property {property} has no description.");

        return Correct(property, schema);
    }

    private static JsonObject Correct(string name, JsonObject schema)
    {
        foreach (var (key, value) in FindCorrections(name) as JsonObject ?? [])
        {
            if (value is null)
            {
                schema.Remove(key);
            }
            else
            {
                schema[key] = value.DeepClone();
            }
        }

        return schema;
    }
}
