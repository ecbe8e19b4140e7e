using System.Text;
using System.Text.Json;

namespace ImageResize.Tests.Deployment;

/// <summary>
/// Writes evaluated resources as a template without variables, so that the compiler compares their values with the types of Azure's
/// resources: lengths, patterns, ranges and enumerations. In the templates themselves it doesn't know them.
/// </summary>
internal static class LiteralTemplate
{
    /// <summary>What identifies a resource, and what is not a property of it.</summary>
    private static readonly string[] Header = ["id", "type", "apiVersion", "dependsOn", "scope", "name", "condition"];

    public static string Of(IEnumerable<JsonElement> resources)
    {
        var template = new StringBuilder();
        foreach (var (i, resource) in resources.Index())
        {
            var (type, name) = (Text(resource, "type"), Text(resource, "name"));
            var names = Enumerable.Repeat($"00000000-0000-0000-0000-{i:D12}", type.Count(letter => letter == '/'));
            template.Append($"resource r{i} '{type}@{Text(resource, "apiVersion")}' = {{\n");
            template.Append($"'name': {Literal(IsExpression(name) ? string.Join('/', names) : name)}\n");
            foreach (var property in resource.EnumerateObject().Where(property => !Header.Contains(property.Name)))
            {
                Append(template, property);
            }

            template.Append("}\n");
        }

        return template.ToString();
    }

    private static string Text(JsonElement resource, string name) => resource.GetProperty(name).GetString()!;

    private static void Append(StringBuilder template, JsonProperty property)
    {
        template.Append($"{Literal(property.Name)}: ");
        Append(template, property.Value);
        template.Append('\n');
    }

    private static void Append(StringBuilder template, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                template.Append("{\n");
                value.EnumerateObject().ToList().ForEach(property => Append(template, property));
                template.Append('}');
                break;
            case JsonValueKind.Array:
                template.Append("[\n");
                foreach (var item in value.EnumerateArray())
                {
                    Append(template, item);
                    template.Append('\n');
                }

                template.Append(']');
                break;
            case JsonValueKind.String when IsExpression(value.GetString()!):
                template.Append("any('')");
                break;
            case JsonValueKind.String:
                template.Append(Literal(value.GetString()!));
                break;
            case JsonValueKind.Number when !value.TryGetInt64(out _):
                template.Append($"json('{value.GetRawText()}')");
                break;
            default:
                template.Append(value.GetRawText());
                break;
        }
    }

    /// <summary>Only Azure knows the value, during a deployment.</summary>
    private static bool IsExpression(string text) =>
        text.StartsWith('[') && !text.StartsWith("[[", StringComparison.Ordinal) && text.EndsWith(']');

    private static string Literal(string text) => new StringBuilder(text)
        .Replace("\\", "\\\\").Replace("'", "\\'").Replace("${", "\\${").Replace("\r", "\\r").Replace("\n", "\\n")
        .Insert(0, '\'').Append('\'').ToString();
}
