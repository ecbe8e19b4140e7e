using System.Text.Json;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Proxies;

namespace ImageResize.Functions.Http.Problems;

/// <summary>Adds the <c>code</c> of <see cref="ErrorCode"/> to every problem+json response.</summary>
internal static class ProblemCode
{
    public const string Name = "code";

    private const int MaxErrors = 100;

    /// <summary>The code of a response that ASP.NET Core made.</summary>
    public static ErrorCode Of(int? status) => status switch
    {
        StatusCodes.Status408RequestTimeout => ErrorCode.RequestTooSlow,
        StatusCodes.Status404NotFound => ErrorCode.NotFound,
        StatusCodes.Status405MethodNotAllowed => ErrorCode.MethodNotAllowed,
        StatusCodes.Status412PreconditionFailed => ErrorCode.PreconditionFailed,
        StatusCodes.Status413PayloadTooLarge => ErrorCode.TooLarge,
        StatusCodes.Status415UnsupportedMediaType => ErrorCode.UnsupportedMediaType,
        _ => ErrorCode.InvalidRequest,
    };

    /// <summary>Adds the code, also to ASP.NET Core's own problems, and names invalid values in the JSON's camel case.</summary>
    public static void Add(ProblemDetailsContext context)
    {
        context.ProblemDetails.Extensions.TryAdd(Name, Of(context.ProblemDetails.Status).Name);
        context.ProblemDetails.Detail ??= Explain(context.ProblemDetails.Status);
        if (context.ProblemDetails is HttpValidationProblemDetails invalid)
        {
            invalid.Errors = invalid.Errors.Take(MaxErrors).ToDictionary(error => InCamelCase(error.Key), error => error.Value);
        }
    }

    /// <summary>What ASP.NET Core doesn't say.</summary>
    private static string? Explain(int? status) => status switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at this address. {PublicPath.Of("/docs")} describes the API.",
        StatusCodes.Status405MethodNotAllowed => "This address does not have this method. The header Allow lists those that it has.",

        // The endpoint accepts JSON only. By default, curl sends another content type.
        StatusCodes.Status415UnsupportedMediaType => "The body must be JSON. Send it with Content-Type: application/json.",
        _ => null,
    };

    private static string InCamelCase(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
