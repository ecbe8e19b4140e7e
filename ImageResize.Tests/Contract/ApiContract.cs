using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageResize.Functions.Hosting;
using Json.Schema;

namespace ImageResize.Tests.Contract;

/// <summary>
/// Compares responses with docs/openapi.json: status, content type and body. Properties that are not documented are errors too, although
/// the document allows them.
/// </summary>
internal sealed class ApiContract
{
    private const string ComponentPrefix = "#/components/schemas/";

    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    private readonly ConcurrentDictionary<string, JsonSchema> _compiled = new();
    private readonly JsonObject _document;
    private readonly JsonObject _definitions;

    private ApiContract(JsonObject document)
    {
        _document = document;
        _definitions = document["components"]!["schemas"]!.DeepClone().AsObject();
        foreach (var schema in _definitions.Where(schema => schema.Key != "Problem").Select(schema => schema.Value!.AsObject()))
        {
            if (schema.ContainsKey("properties"))
            {
                schema.TryAdd("additionalProperties", false);
            }
        }
    }

    public static ApiContract Load() =>
        new(JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Find()!, "docs", "openapi.json")))!.AsObject());

    /// <param name="path">Without the query.</param>
    /// <returns>Why the response is not as documented; empty if it is.</returns>
    public IReadOnlyList<string> FindErrors(string method, string path, int status, string? contentType, byte[] body)
    {
        if (FindOperation(method, path) is not { } operation)
        {
            // An address or a method that the service does not have.
            return status is 404 or 405 ? FindErrors("Problem", method == "HEAD" ? null : body) : [$"{method} {path} is not documented"];
        }

        if (Resolve(operation["responses"]![status.ToString()]) is not { } response)
        {
            return [$"status {status} is not documented"];
        }

        if (response["content"] is not JsonObject contents)
        {
            return body.Length == 0 ? [] : [$"a body of status {status} is not documented"];
        }

        if (contents.FirstOrDefault(content => Matches(content.Key, contentType)) is not { Value: { } content })
        {
            return [$"content type {contentType} of status {status} is not documented"];
        }

        return content["schema"] is { } schema && contentType!.Contains("json", StringComparison.Ordinal)
            ? Evaluate(schema, JsonDocument.Parse(body).RootElement)
            : [];
    }

    /// <param name="component">The name of a schema.</param>
    /// <param name="body">If null, nothing is wrong.</param>
    public IReadOnlyList<string> FindErrors(string component, byte[]? body) => body is null
        ? []
        : Evaluate(new JsonObject { ["$ref"] = ComponentPrefix + component }, JsonDocument.Parse(body).RootElement);

    private static bool Matches(string range, string? contentType)
    {
        var type = contentType?.Split(';')[0];

        return type == range
            || (range.EndsWith("/*", StringComparison.Ordinal) && type?.StartsWith(range[..^1], StringComparison.Ordinal) == true);
    }

    private static bool Matches(string template, string[] path)
    {
        var segments = template.Split('/');

        return segments.Length == path.Length
            && segments.Zip(path).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0));
    }

    private JsonNode? FindOperation(string method, string path) => _document["paths"]!.AsObject()
        .Where(item => Matches(item.Key, path.TrimEnd('/').Split('/')) || item.Key == path)
        .Select(item => item.Value![method.ToLowerInvariant()])
        .FirstOrDefault(operation => operation is not null);

    private JsonNode? Resolve(JsonNode? response) => response?["$ref"]?.GetValue<string>() is { } reference
        ? _document["components"]!["responses"]![reference.Split('/')[^1]]
        : response;

    private List<string> Evaluate(JsonNode schema, JsonElement value)
    {
        var result = _compiled.GetOrAdd(schema.ToJsonString(), Compile).Evaluate(value, Options);

        return result.IsValid
            ? []
            : [.. result.Details!.Where(detail => detail.Errors is not null)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))];
    }

    /// <summary>A schema that contains all components, because references do not leave it.</summary>
    private JsonSchema Compile(string schema)
    {
        var whole = JsonNode.Parse(schema)!.AsObject();
        whole["$defs"] = _definitions.DeepClone();
        var text = new StringBuilder(whole.ToJsonString()).Replace(ComponentPrefix, "#/$defs/").ToString();

        return JsonSchema.FromText(text);
    }
}
