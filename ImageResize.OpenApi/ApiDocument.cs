using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageResize.OpenApi.Operations;
using ImageResize.OpenApi.Schemas;

namespace ImageResize.OpenApi;

/// <summary>
/// The OpenAPI document of the API: addresses, path parameters and schemas as ASP.NET Core finds them in the endpoints, with the
/// descriptions, responses and examples of this project.
/// </summary>
internal static class ApiDocument
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Operation[] All =
    [
        .. LegacyOperations.All, .. DirectOperations.All, .. AddressOperations.All, .. JobOperations.All, .. BatchOperations.All,
        .. UploadOperations.All, .. WatchOperations.All, .. ServiceOperations.All,
    ];

    /// <exception cref="InvalidOperationException">
    /// An endpoint, error code or property has no description, or a description has no endpoint.
    /// </exception>
    public static async Task<JsonObject> CreateAsync()
    {
        var endpoints = await EndpointDocument.ReadAsync();
        var responses = new ProblemResponses();
        var paths = PathsOf(endpoints["paths"]!.AsObject(), responses);

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = ServiceTexts.Info,
            ["servers"] = Parse(ServiceTexts.Servers),
            ["security"] = Access.Caller.Security,
            ["tags"] = Parse(ServiceTexts.Tags),
            ["paths"] = paths,
            ["webhooks"] = CallbackText.Webhooks,
            ["components"] = new JsonObject
            {
                ["schemas"] = ComponentSchemas.Of(endpoints["components"]!["schemas"]!.AsObject()),
                ["responses"] = responses.Shared,
                ["headers"] = Parse(ServiceTexts.Headers),
                ["securitySchemes"] = Parse(ServiceTexts.SecuritySchemes),
            },
        };
    }

    public static string ToJson(JsonNode document) => document.ToJsonString(Options) + "\n";

    private static JsonObject PathsOf(JsonObject endpoints, ProblemResponses responses)
    {
        var heads = All.Where(operation => operation.Method == "GET" && endpoints[operation.Path]?["head"] is not null);
        var documented = All.Concat(heads.Select(operation => operation.AsHead()))
            .ToDictionary(operation => (operation.Path, operation.Method));
        var declared = endpoints.SelectMany(path => path.Value!.AsObject(), (path, method) => (path.Key, method.Key.ToUpperInvariant()));
        if (documented.Keys.ToHashSet() is var names && !names.SetEquals(declared))
        {
            names.SymmetricExceptWith(declared);

            throw new InvalidOperationException($"An endpoint without a description, or the reverse: {string.Join(", ", names)}.");
        }

        var paths = new JsonObject();
        foreach (var operation in documented.Values)
        {
            var key = operation.Method.ToLowerInvariant();
            var path = paths[operation.Path] ??= new JsonObject();
            path[key] = operation.ToJson(endpoints[operation.Path]![key]!.AsObject(), responses);
        }

        return paths;
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
