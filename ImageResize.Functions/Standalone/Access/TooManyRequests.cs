using System.Globalization;
using System.Text.Json;
using System.Threading.RateLimiting;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Problems;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// The response to requests above a caller's limits. It is delayed by a second, so that a caller that repeats its requests immediately can
/// do so once a second on each connection. The body is prepared, so that a response costs little.
/// </summary>
internal sealed class TooManyRequests
{
    /// <summary>
    /// The maximum of delayed responses of all callers, because each may have buffered a megabyte of an unread body. Above it, responses
    /// aren't delayed.
    /// </summary>
    private const int MaxDelayed = 500;

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private static readonly byte[] Body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["type"] = "https://tools.ietf.org/html/rfc6585#section-4",
        ["title"] = "Too Many Requests",
        ["status"] = StatusCodes.Status429TooManyRequests,
        ["detail"] = "Too many requests, uploads or waits of one caller. Try again later.",
        [ProblemCode.Name] = ErrorCode.TooManyRequests.Name,
    });

    private int _delayed;

    public async ValueTask AnswerAsync(HttpContext context, RateLimitLease lease)
    {
        await DelayAsync(context);
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? Math.Max(1, Math.Ceiling(time.TotalSeconds)) : 1;
        var response = context.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
        response.ContentType = "application/problem+json";
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, context.RequestAborted);
    }

    private async Task DelayAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _delayed) <= MaxDelayed)
        {
            var clock = context.RequestServices.GetRequiredService<TimeProvider>();
            await Task.Delay(Delay, clock, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Interlocked.Decrement(ref _delayed);
    }
}
