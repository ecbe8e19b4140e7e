using System.Text.Json.Nodes;

namespace ImageResize.OpenApi.Operations;

/// <summary>A query parameter or header.</summary>
/// <param name="Schema">As JSON.</param>
/// <param name="Example">As JSON.</param>
internal sealed record Parameter(string Name, string In, string Schema, string Description, string Example)
{
    public bool IsRequired { get; init; }

    public static Parameter IdempotencyKey { get; } = new(
        "Idempotency-Key",
        "header",
        """{ "type": "string", "minLength": 1, "maxLength": 255 }""",
        "Makes the request safe to repeat: the first request with a key is executed, and later ones receive its response for 24 hours. " +
        "A UUID is best.",
        "\"6f1d3c1e-8a43-4f5e-9d0b-0a4f0a1f7b11\"");

    /// <summary>Descriptions and examples of the parameters in paths.</summary>
    private static readonly Dictionary<string, (string Description, string Example)> InPaths = new()
    {
        ["id"] = ("The id that the service has answered with. Other spellings are answered with 404.", $"\"{Examples.Id}\""),
        ["number"] = ("The number of the thumbnail, from 0, in the order of the actions.", "0"),
        ["format"] = ("The format of the document.", "\"json\""),
        ["signature"] = (
            "The base64url of the HMAC-SHA256 of `/t/OPTIONS/SOURCE`, or `unsigned` for presets that need none.", "\"unsigned\""),
        ["options"] = ("Options such as `w_300,h_200,c_cover,f_auto,q_80`, or the name of a preset.", "\"card\""),
        ["source"] = ("A path in the images folder, or `~` and the base64url of any source.", "\"CogentLabs.jpg\""),
    };

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["in"] = In,
        ["description"] = Description,
        ["required"] = IsRequired,
        ["schema"] = JsonNode.Parse(Schema),
        ["example"] = JsonNode.Parse(Example),
    };

    public static JsonObject Describe(JsonObject parameter)
    {
        var (description, example) = InPaths[parameter["name"]!.GetValue<string>()];
        parameter["description"] = description;
        parameter["example"] = JsonNode.Parse(example);

        return parameter;
    }
}
