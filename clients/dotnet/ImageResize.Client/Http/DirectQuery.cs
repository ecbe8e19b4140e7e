using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageResize.Client.Http;

/// <summary>The options of a direct request: as its query if the body is an image, or beside the source in its body.</summary>
internal static class DirectQuery
{
    public static string OfOptions(ThumbnailOptions options)
    {
        var values = ToJson(options).Select(option => $"{option.Key}={Uri.EscapeDataString(TextOf(option.Value!))}");

        return "?" + string.Join('&', values);
    }

    public static StringContent BodyOf(string source, ThumbnailOptions? options = null)
    {
        var body = options is null ? [] : ToJson(options);
        body["source"] = source;

        return JsonOf(body.ToJsonString());
    }

    public static StringContent JsonOf(string json) => new(json, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

    private static JsonObject ToJson(ThumbnailOptions options) =>
        JsonSerializer.SerializeToNode(options, ClientJson.Default.ThumbnailOptions)!.AsObject();

    private static string TextOf(JsonNode value) =>
        value is JsonArray list ? string.Join(',', list.Select(item => item!.ToString())) : value.ToString();
}
