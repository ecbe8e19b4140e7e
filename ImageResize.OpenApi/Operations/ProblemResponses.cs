using System.Globalization;
using System.Text.Json.Nodes;
using ImageResize.Core.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageResize.OpenApi.Operations;

/// <summary>Responses to requests that failed. Those with a single error code are shared by all operations.</summary>
internal sealed class ProblemResponses
{
    /// <summary>The shared responses, by the name of their component.</summary>
    public JsonObject Shared { get; } = [];

    /// <param name="isHead">Whether the response has no body.</param>
    public JsonObject Of(int status, IReadOnlyList<ErrorCode> errors, bool isHead)
    {
        if (isHead)
        {
            return new JsonObject { ["description"] = Describe(errors) };
        }

        return errors is [var only] ? Share(status, only) : Create(status, errors);
    }

    /// <summary>Adds problems to a response of the replaced program, which has bodies of its own.</summary>
    public static JsonObject AddTo(JsonObject response, int status, IReadOnlyList<ErrorCode> errors, bool isHead)
    {
        response["description"] = $"{response["description"]}\n\nOr a problem:\n\n{Describe(errors)}";
        if (!isHead)
        {
            response["content"]!["application/problem+json"] =
                Create(status, errors)["content"]!["application/problem+json"]!.DeepClone();
        }

        return response;
    }

    private static string NameOf(ErrorCode error) =>
        string.Concat(error.Name.Split('_').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)) + error.Status;

    private static string Describe(IReadOnlyList<ErrorCode> errors) =>
        string.Join('\n', errors.Select(error => $"- `{error.Name}`: {ErrorTexts.Of(error)}."));

    private JsonObject Share(int status, ErrorCode error)
    {
        var name = NameOf(error);
        Shared[name] ??= Create(status, [error]);

        return new JsonObject { ["$ref"] = $"#/components/responses/{name}", ["description"] = Describe([error]) };
    }

    private static JsonObject Create(int status, IReadOnlyList<ErrorCode> errors)
    {
        var response = new JsonObject { ["description"] = Describe(errors) };
        var headers = status switch
        {
            401 => ["WWW-Authenticate"],
            429 or 503 => ["Retry-After"],
            _ => (string[])[],
        };
        if (headers.Length > 0)
        {
            response["headers"] = Answer.HeadersOf(headers);
        }

        response["content"] = new JsonObject
        {
            ["application/problem+json"] = new JsonObject
            {
                ["schema"] = SchemaOf(status, errors),
                ["examples"] = new JsonObject(errors.Select(error => KeyValuePair.Create(error.Name, (JsonNode?)ExampleOf(error)))),
            },
        };

        return response;
    }

    private static JsonObject SchemaOf(int status, IReadOnlyList<ErrorCode> errors) => new()
    {
        ["allOf"] = new JsonArray(
            new JsonObject { ["$ref"] = "#/components/schemas/Problem" },
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["status"] = new JsonObject { ["type"] = "integer", ["const"] = status },
                    ["code"] = new JsonObject
                    {
                        ["type"] = "string",
                        ["enum"] = new JsonArray([.. errors.Select(error => JsonValue.Create(error.Name))]),
                    },
                },
            }),
    };

    private static JsonObject ExampleOf(ErrorCode error)
    {
        var problem = new JsonObject
        {
            ["title"] = ReasonPhrases.GetReasonPhrase(error.Status),
            ["status"] = error.Status,
            ["detail"] = ErrorTexts.Example(error),
            ["code"] = error.Name,
        };
        if (error == ErrorCode.InvalidItems)
        {
            problem["items"] = JsonNode.Parse(Examples.ItemErrors);
        }

        return new JsonObject { ["value"] = problem };
    }
}
