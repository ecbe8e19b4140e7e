using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http;

namespace ImageResize.Functions.Access;

/// <summary>
/// The answer to what is over a caller's share. It comes a second late, so that a caller that asks again at once does so once a second on
/// each of its connections, not thousands of times; and it is ready made, so that it costs next to nothing.
/// </summary>
internal sealed class TooManyRequests
{
    /// <summary>Of all callers: each that waits can have sent a megabyte of a body that nobody reads. Beyond it the answer comes at once.</summary>
    private const int MostWaiting = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        $$"""
        {"type":"https://tools.ietf.org/html/rfc6585#section-4","title":"Too Many Requests","status":429,"detail":"These are more requests, uploads or waits than one caller may have. Please ask again later.","{{ProblemCode.Name}}":"{{ErrorCode.TooManyRequests.Name}}"}
        """);

    private int _waiting;

    public async ValueTask AnswerAsync(HttpContext context, RateLimitLease lease)
    {
        await WaitAsync(context);
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? Math.Max(1, Math.Ceiling(time.TotalSeconds)) : 1;
        var response = context.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        response.ContentType = "application/problem+json";
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, context.RequestAborted);
    }

    private async Task WaitAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _waiting) <= MostWaiting)
        {
            var clock = context.RequestServices.GetRequiredService<TimeProvider>();
            await Task.Delay(Pause, clock, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Interlocked.Decrement(ref _waiting);
    }
}
