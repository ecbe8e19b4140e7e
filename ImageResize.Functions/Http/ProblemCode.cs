using System.Text.Json;

namespace ImageResize.Functions.Http;

/// <summary>The stable <c>code</c> of a problem+json answer. What callers program against; listed in docs/api.md.</summary>
internal static class ProblemCode
{
    public const string Name = "code";

    public const string InvalidRequest = "invalid_request";
    public const string Unauthorized = "unauthorized";
    public const string TooManyRequests = "too_many_requests";
    public const string TooSlow = "too_slow";
    public const string SourceIsFolder = "source_is_folder";
    public const string InvalidItems = "invalid_items";
    public const string BatchNotFound = "batch_not_found";
    public const string BatchExpired = "batch_expired";
    public const string BatchNotOver = "batch_not_over";
    public const string NothingFailed = "nothing_failed";
    public const string JobNotFound = "job_not_found";
    public const string JobExpired = "job_expired";
    public const string ThumbnailNotFound = "thumbnail_not_found";
    public const string UploadNotFound = "upload_not_found";
    public const string UploadExpired = "upload_expired";
    public const string TooManyParts = "too_many_parts";
    public const string EncodedBody = "content_encoding_not_supported";
    public const string InvalidIdempotencyKey = "invalid_idempotency_key";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string IdempotencyKeyInUse = "idempotency_key_in_use";
    public const string StorageAway = "storage_unavailable";
    public const string Unexpected = "unexpected";

    /// <summary>The code of an answer that no endpoint of ours gave.</summary>
    public static string Of(int? status) => status switch
    {
        StatusCodes.Status408RequestTimeout => TooSlow,
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status413PayloadTooLarge => "too_large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
        _ => InvalidRequest,
    };

    /// <summary>Gives every problem a code, those of the platform too, and names wrong values as the caller wrote them.</summary>
    public static void Add(ProblemDetailsContext context)
    {
        context.ProblemDetails.Extensions.TryAdd(Name, Of(context.ProblemDetails.Status));
        if (context.ProblemDetails is { Status: StatusCodes.Status415UnsupportedMediaType, Detail: null })
        {
            // The platform's own, at an endpoint that takes JSON alone. curl says something else when it is told nothing.
            context.ProblemDetails.Detail = "The body is JSON: send it with Content-Type: application/json.";
        }

        if (context.ProblemDetails is HttpValidationProblemDetails invalid)
        {
            invalid.Errors = invalid.Errors.ToDictionary(error => InCamelCase(error.Key), error => error.Value);
        }
    }

    private static string InCamelCase(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
