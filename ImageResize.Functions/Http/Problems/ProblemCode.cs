using System.Text.Json;
using ImageResize.Core.Errors;

namespace ImageResize.Functions.Http;

/// <summary>Adds the <c>code</c> of <see cref="ErrorCode"/> to every problem+json answer.</summary>
internal static class ProblemCode
{
    public const string Name = "code";

    /// <summary>The code of an answer that no endpoint of ours gave.</summary>
    public static ErrorCode Of(int? status) => status switch
    {
        StatusCodes.Status408RequestTimeout => ErrorCode.RequestTooSlow,
        StatusCodes.Status404NotFound => ErrorCode.NotFound,
        StatusCodes.Status405MethodNotAllowed => ErrorCode.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => ErrorCode.TooLarge,
        StatusCodes.Status415UnsupportedMediaType => ErrorCode.UnsupportedMediaType,
        _ => ErrorCode.InvalidRequest,
    };

    /// <summary>Gives every problem a code, including ASP.NET Core's own, and names wrong values as the caller wrote them.</summary>
    public static void Add(ProblemDetailsContext context)
    {
        context.ProblemDetails.Extensions.TryAdd(Name, Of(context.ProblemDetails.Status).Name);
        if (context.ProblemDetails is { Status: StatusCodes.Status415UnsupportedMediaType, Detail: null })
        {
            // ASP.NET Core's own answer of an endpoint that accepts only JSON. curl sends another content type unless told otherwise.
            context.ProblemDetails.Detail = "The body is JSON: send it with Content-Type: application/json.";
        }

        if (context.ProblemDetails is HttpValidationProblemDetails invalid)
        {
            invalid.Errors = invalid.Errors.ToDictionary(error => InCamelCase(error.Key), error => error.Value);
        }
    }

    private static string InCamelCase(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
