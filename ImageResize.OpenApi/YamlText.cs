using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ImageResize.OpenApi;

/// <summary>Writes JSON as YAML. Strings keep the spelling of JSON, which YAML includes, except those of several lines.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonNode document)
    {
        var text = new StringBuilder();
        Append(text, document, indent: 0);

        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode node, int indent)
    {
        if (node is JsonObject values)
        {
            foreach (var (name, value) in values)
            {
                Indent(text, indent).Append(PlainName().IsMatch(name) ? name : JsonSerializer.Serialize(name, Options)).Append(':');
                AppendValue(text, value, indent + 2);
            }
        }
        else
        {
            foreach (var item in node.AsArray())
            {
                Indent(text, indent).Append('-');
                AppendValue(text, item, indent + 2);
            }
        }
    }

    private static void AppendValue(StringBuilder text, JsonNode? value, int indent)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            text.Append('\n');
            Append(text, value, indent);
        }
        else if (value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var lines && lines.Contains('\n'))
        {
            text.Append(" |-\n");
            foreach (var line in lines.Split('\n'))
            {
                (line.Length == 0 ? text : Indent(text, indent)).Append(line).Append('\n');
            }
        }
        else
        {
            text.Append(' ').Append(value?.ToJsonString(Options) ?? "null").Append('\n');
        }
    }

    private static StringBuilder Indent(StringBuilder text, int spaces) => text.Append(' ', spaces);

    /// <summary>Names that YAML takes for nothing else than strings.</summary>
    [GeneratedRegex(@"^(?!(?:null|true|false|yes|no|on|off|y|n)$)[A-Za-z$][A-Za-z0-9_$-]*$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainName();
}
