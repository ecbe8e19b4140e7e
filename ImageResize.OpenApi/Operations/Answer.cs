using System.Text.Json.Nodes;

namespace ImageResize.OpenApi.Operations;

/// <summary>A response that isn't a problem.</summary>
internal sealed record Answer(int Status, string Description, params Content[] Contents)
{
    /// <summary>Names of headers in the document's components.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    public static Answer Deleted { get; } = new(204, "Nothing is left.");

    public static Answer DeletedSoon { get; } = new(202, "Much is stored. The rest is deleted in the background.");

    public static Answer OtherRegion { get; } =
        new(307, "The id belongs to another region. Send the same request there.") { Headers = ["Location"] };

    /// <param name="isPost">Whether the response shows what the caller may still submit.</param>
    /// <param name="isHead">Whether the response has no body.</param>
    public JsonObject ToJson(bool isPost, bool isHead)
    {
        var json = new JsonObject { ["description"] = Description };
        string[] names = [.. Headers, .. isPost ? ["RateLimit", "RateLimit-Policy"] : (string[])[]];
        if (names.Length > 0)
        {
            json["headers"] = HeadersOf(names);
        }

        if (Contents.Length > 0 && !isHead)
        {
            json["content"] = Content.ToJson(Contents);
        }

        return json;
    }

    public static JsonObject HeadersOf(IEnumerable<string> names) => new(names.Select(name =>
        KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["$ref"] = $"#/components/headers/{name}" })));
}
