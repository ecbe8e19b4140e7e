using System.Text.Json.Nodes;
using ImageResize.Core.Errors;

namespace ImageResize.OpenApi.Operations;

/// <summary>The description of an endpoint with one method.</summary>
/// <param name="Id">The name of the operation in generated clients.</param>
internal sealed record Operation(string Method, string Path, string Id, string Tag, string Summary)
{
    public required string Description { get; init; }

    public Access Access { get; init; } = Access.Caller;

    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    public IReadOnlyList<Content> Body { get; init; } = [];

    public IReadOnlyList<Answer> Answers { get; init; } = [];

    /// <summary>Errors other than those of all endpoints with this access and method.</summary>
    public IReadOnlyList<ErrorCode> Errors { get; init; } = [];

    private bool IsPost => Method == "POST";

    private bool IsHead => Method == "HEAD";

    private IEnumerable<ErrorCode> AllErrors =>
    [
        .. Access.Errors,
        .. IsPost ? [ErrorCode.InvalidIdempotencyKey, ErrorCode.IdempotencyKeyInUse, ErrorCode.IdempotencyKeyReused] : (ErrorCode[])[],
        .. Body.Count > 0 ? [ErrorCode.InvalidRequest, ErrorCode.RequestTooSlow, ErrorCode.TooLarge] : (ErrorCode[])[],
        .. Errors,
    ];

    /// <summary>The same request without the body of its response.</summary>
    public Operation AsHead() => this with
    {
        Method = "HEAD",
        Id = $"{Id}Head",
        Tag = ServiceTexts.HeadTag,
        Summary = $"{Summary} (headers only)",
        Description = "The status and the headers of the same GET request.",
    };

    /// <param name="endpoint">The endpoint as ASP.NET Core describes it.</param>
    public JsonObject ToJson(JsonObject endpoint, ProblemResponses problems)
    {
        var json = new JsonObject
        {
            ["tags"] = new JsonArray(Tag),
            ["summary"] = Summary,
            ["description"] = Description,
            ["operationId"] = Id,
        };
        JsonNode[] parameters =
        [
            .. (endpoint["parameters"] as JsonArray ?? []).Select(parameter => Parameter.Describe(parameter!.DeepClone().AsObject())),
            .. Parameters.Select(parameter => parameter.ToJson()),
            .. IsPost ? [Parameter.IdempotencyKey.ToJson()] : (JsonNode[])[],
        ];
        if (parameters.Length > 0)
        {
            json["parameters"] = new JsonArray(parameters);
        }

        if (Body.Count > 0)
        {
            json["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content.ToJson(Body) };
        }

        json["responses"] = ResponsesOf(problems);
        if (Access != Access.Caller)
        {
            json["security"] = Access.Security;
        }

        return json;
    }

    private JsonObject ResponsesOf(ProblemResponses problems)
    {
        var responses = Answers.ToDictionary(answer => answer.Status, answer => answer.ToJson(IsPost, IsHead));
        if (Path.Contains("{id}", StringComparison.Ordinal) || Path == "/result")
        {
            responses[307] = Answer.OtherRegion.ToJson(isPost: false, IsHead);
        }

        foreach (var errors in AllErrors.Distinct().GroupBy(error => error.Status))
        {
            responses[errors.Key] = responses.TryGetValue(errors.Key, out var own)
                ? ProblemResponses.AddTo(own, errors.Key, [.. errors], IsHead)
                : problems.Of(errors.Key, [.. errors], IsHead);
        }

        return new JsonObject(responses.OrderBy(response => response.Key)
            .Select(response => KeyValuePair.Create(response.Key.ToString(), (JsonNode?)response.Value)));
    }
}
