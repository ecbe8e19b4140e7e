using System.Text.Json;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Core.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace ImageResize.Functions.Http;

/// <summary>
/// Answers whatever leaves an endpoint as an exception, as problem+json with a code: refusals of ours say what was wrong, 503 says
/// that storage is away and asking again helps, and of all else the details go to the log alone.
/// </summary>
internal sealed partial class FailureHandler(
    IProblemDetailsService problems,
    TimeProvider clock,
    ILogger<FailureHandler> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "10";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var problem = ProblemOf(exception);
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Key realm=\"ImageResize\"";
        }

        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            WorkMeter.CountStorageFault();
            LogAway(StorageFault.Explain(exception, clock.GetUtcNow()));
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    /// <summary>Whether the log needs no stack trace: a refusal's caller is told all there is to know, and an outage is one line.</summary>
    public static bool IsKnown(Exception exception) => IsRefusal(exception) || StorageFault.IsPassing(exception);

    public static bool IsRefusal(Exception exception) =>
        exception is RefusedException or ValuesRefusedException or ItemsRefusedException or BadHttpRequestException;

    private static ProblemDetails ProblemOf(Exception exception) => exception switch
    {
        RefusedException refusal => Problem(refusal.Status, refusal.Code, refusal.Message),
        ValuesRefusedException refused => new HttpValidationProblemDetails(refused.Errors) { Status = StatusCodes.Status400BadRequest },
        ItemsRefusedException refused => Problem(refused),
        BadHttpRequestException { InnerException: JsonException unreadable } bad =>
            Problem(bad.StatusCode, ErrorCode.InvalidRequest, RequestJson.Explain(unreadable, "The body")),
        BadHttpRequestException bad => Problem(bad.StatusCode, ProblemCode.Of(bad.StatusCode), bad.Message),
        _ when StorageFault.IsPassing(exception) =>
            Problem(ErrorCode.StorageUnavailable.Status, ErrorCode.StorageUnavailable, "Storage does not answer. Please try again."),
        _ => Problem(ErrorCode.Unexpected.Status, ErrorCode.Unexpected, "An unexpected error occurred. It is in the log."),
    };

    private static ProblemDetails Problem(ItemsRefusedException refused)
    {
        var problem = Problem(StatusCodes.Status400BadRequest, ErrorCode.InvalidItems, "Some items cannot be done; nothing was queued.");
        problem.Extensions["items"] = refused.Errors;

        return problem;
    }

    private static ProblemDetails Problem(int status, ErrorCode code, string detail) =>
        new() { Status = status, Detail = detail, Extensions = { [ProblemCode.Name] = code.Name } };

    [LoggerMessage(LogLevel.Warning, "A request was answered 503: storage {Reason}")]
    private partial void LogAway(string reason);
}
