using System.Globalization;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Storage.Resilience;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace ImageResize.Functions.Http.Problems;

/// <summary>
/// Answers exceptions of endpoints as problem+json with a code. Refusals say what is wrong, 503 says that storage is unavailable and the
/// request may be repeated. The details of all other exceptions are only logged.
/// </summary>
internal sealed partial class ProblemExceptionHandler(
    IProblemDetailsService problems,
    TimeProvider clock,
    AuthenticationChallenge challenge,
    ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "10";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var problem = ProblemOf(exception);
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = challenge.Text;
        }

        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        if (exception is RefusedException { RetryAfter: { } wait })
        {
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (StorageFault.IsTransient(exception))
        {
            WorkMetrics.CountStorageFault();
            LogUnavailable(StorageFault.Explain(exception, clock.GetUtcNow()));
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    /// <summary>
    /// Whether the log needs no stack trace: the caller of a refusal gets all details, and an outage is logged as one line.
    /// </summary>
    public static bool IsExpected(Exception exception) =>
        IsRefusal(exception) || exception is SourceChangedException || StorageFault.IsTransient(exception);

    public static bool IsRefusal(Exception exception) =>
        exception is RefusedException or InvalidValuesException or ItemsRefusedException or BadHttpRequestException;

    private static ProblemDetails ProblemOf(Exception exception) => exception switch
    {
        RefusedException refusal => Problem(refusal.Status, refusal.Code, refusal.Message),
        InvalidValuesException invalid => new HttpValidationProblemDetails(invalid.Errors)
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = invalid.Detail,
        },
        ItemsRefusedException refused => Problem(refused),
        BadHttpRequestException bad => Problem(bad.StatusCode, ProblemCode.Of(bad.StatusCode), bad.Message),
        _ when FolderFault.IsFull(exception) =>
            Problem(ErrorCode.DiskFull.Status, ErrorCode.DiskFull, "A disk of the service is full. Try again later."),
        _ when StorageFault.IsTransient(exception) =>
            Problem(ErrorCode.StorageUnavailable.Status, ErrorCode.StorageUnavailable, "Storage is unavailable. Try again later."),
        SourceChangedException =>
            Problem(ErrorCode.Busy.Status, ErrorCode.Busy, "The source changed while it was read. Try again."),
        _ => Problem(ErrorCode.Unexpected.Status, ErrorCode.Unexpected, "An unexpected error occurred. See the log for details."),
    };

    private static ProblemDetails Problem(ItemsRefusedException refused)
    {
        var problem = Problem(StatusCodes.Status400BadRequest, ErrorCode.InvalidItems, "Some items are invalid. No job was queued.");
        problem.Extensions["items"] = refused.Errors;

        return problem;
    }

    private static ProblemDetails Problem(int status, ErrorCode code, string detail) =>
        new() { Status = status, Detail = detail, Extensions = { [ProblemCode.Name] = code.Name } };

    [LoggerMessage(
        16004,
        LogLevel.Warning,
        "Answered a request with 503: storage {Reason}",
        EventName = "ProblemExceptionHandlerUnavailable")]
    private partial void LogUnavailable(string reason);
}
