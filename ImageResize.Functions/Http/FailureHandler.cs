using ImageResize.Core.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace ImageResize.Functions.Http;

/// <summary>Answers what nobody expected: 503 when storage is away and asking again helps, else 500. Details go to the log alone.</summary>
internal sealed class FailureHandler(IProblemDetailsService problems) : IExceptionHandler
{
    private const string RetryAfterSeconds = "10";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title) = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
            _ when StorageFault.IsPassing(exception) => (StatusCodes.Status503ServiceUnavailable, "Storage does not answer. Please try again."),
            _ => (StatusCodes.Status500InternalServerError, "An unexpected error occurred. It is in the log."),
        };

        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = { Status = status, Title = title },
        });
    }
}
