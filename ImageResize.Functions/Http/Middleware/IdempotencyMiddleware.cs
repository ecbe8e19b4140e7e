using ImageResize.Core.Errors;
using ImageResize.Core.Idempotency;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ImageResize.Functions.Http.Requests;

/// <summary>
/// Gives a POST with an <c>Idempotency-Key</c> the answer that the first one with this key got. Stands behind whatever finds out
/// who the caller is, and before whatever writes answers.
/// </summary>
internal sealed class IdempotencyMiddleware(RequestDelegate next, FirstAnswers answers, IExceptionHandler failures)
{
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;

    /// <summary>The name of who has none: all callers under the Functions host, which does not tell us whose key it took.</summary>
    private const string Nobody = "";

    /// <summary>What an endpoint says; everything else is the server's and differs from answer to answer.</summary>
    private static readonly string[] KeptHeaders = ["Content-Type", "Location", "Retry-After"];

    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsPostOfOurs(context) || !context.Request.Headers.TryGetValue(Header, out var keys))
        {
            await next(context);
            return;
        }

        var key = IdempotencyKey.Of(context.User.Identity?.Name ?? Nobody, Checked(keys));
        using var request = await RequestFingerprint.BeginAsync(context.Request, context.RequestAborted);
        var answer = await answers.FindAsync(key, () => AnswerAsync(context, request), context.RequestAborted) ?? throw InUse();
        if (answer.Request is { } first && first != await request.EndAsync(context.RequestAborted))
        {
            throw Reused();
        }

        await SendAsync(context, answer);
    }

    /// <summary>A POST to where there is no endpoint must not cost a row.</summary>
    private static bool IsPostOfOurs(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint() is RouteEndpoint;

    private static string Checked(StringValues keys)
    {
        var isKey = keys is [{ Length: > 0 and <= LongestKey } key] && !key.Any(char.IsControl);

        return isKey
            ? keys[0]!
            : throw new RefusedException(
                ErrorCode.InvalidIdempotencyKey,
                $"{Header} is given once, with 1 to {LongestKey} characters that can be printed.");
    }

    private async Task<Answer> AnswerAsync(HttpContext context, RequestFingerprint request)
    {
        // A caller who hangs up will ask again with the same key: what is begun is finished for them, and not begun twice.
        var aborted = context.RequestAborted;
        context.RequestAborted = CancellationToken.None;
        try
        {
            var body = await CaptureAsync(context);
            var status = context.Response.StatusCode;
            var isKept = body.Length <= Answer.MostBytes && IsKept(status);

            return new Answer(
                status,
                HeadersOf(context.Response),
                body,
                isKept ? await request.EndAsync(CancellationToken.None) : null);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    /// <summary>Refusals are answers, to be given again. Any other exception leaves here: it frees the key.</summary>
    private async Task<byte[]> CaptureAsync(HttpContext context)
    {
        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        var captured = new StreamResponseBodyFeature(body);
        context.Features.Set<IHttpResponseBodyFeature>(captured);
        try
        {
            await next(context);
            await captured.CompleteAsync();
        }
        catch (Exception refusal) when (FailureHandler.IsRefusal(refusal))
        {
            context.Response.Clear();
            await failures.TryHandleAsync(context, refusal, CancellationToken.None);
            await captured.CompleteAsync();
        }
        finally
        {
            context.Features.Set(sent);
        }

        return body.ToArray();
    }

    /// <summary>Not what passes: a fault, a wait too long, too many requests; nor what is refused for its size, unread.</summary>
    private static bool IsKept(int status) => status < 500 && status is not (408 or 413 or 429);

    private static Dictionary<string, string> HeadersOf(HttpResponse response) =>
        KeptHeaders.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToString());

    private static async Task SendAsync(HttpContext context, Answer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static RefusedException InUse() => new(
        ErrorCode.IdempotencyKeyInUse,
        $"The first request with this {Header} is still at work. Please ask again.");

    private static RefusedException Reused() => new(
        ErrorCode.IdempotencyKeyReused,
        $"This {Header} was used for another request. Another request needs another key.");
}
