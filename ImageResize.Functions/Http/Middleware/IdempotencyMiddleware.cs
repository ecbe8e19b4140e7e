using ImageResize.Core.Errors;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Identifiers;
using ImageResize.Functions.Http.Problems;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Answers a POST that repeats an <c>Idempotency-Key</c> with the response of the first request with this key. Runs after the middleware
/// that identifies the caller and before those that write responses.
/// </summary>
internal sealed class IdempotencyMiddleware(RequestDelegate next, IdempotencyService answers, IExceptionHandler failures)
{
    public const string Header = "Idempotency-Key";

    private const int MaxKeyLength = 255;

    /// <summary>The name of a developer without a key.</summary>
    private const string Anonymous = "";

    /// <summary>The headers that endpoints set. All others are the server's and differ between responses.</summary>
    private static readonly string[] StoredHeaders = ["Content-Type", "Location", "Retry-After"];

    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsPostToEndpoint(context) || !context.Request.Headers.TryGetValue(Header, out var keys))
        {
            await next(context);
            return;
        }

        var key = IdempotencyKey.Of(CurrentCaller.Name ?? Anonymous, Validate(keys));
        using var request = await RequestFingerprint.BeginAsync(context.Request, context.RequestAborted);
        var answer = await answers.GetOrProcessAsync(key, () => RunAsync(context, request), context.RequestAborted) ?? throw InUse();
        if (answer.Request is { } first && first != await request.EndAsync(context.RequestAborted))
        {
            throw Reused();
        }

        await SendAsync(context, answer);
    }

    /// <summary>A POST to an unknown address must not write a row.</summary>
    private static bool IsPostToEndpoint(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint() is RouteEndpoint;

    private static string Validate(StringValues keys)
    {
        var isValid = keys is [{ Length: > 0 and <= MaxKeyLength } key] && !key.Any(char.IsControl);

        return isValid
            ? keys[0]!
            : throw new RefusedException(
                ErrorCode.InvalidIdempotencyKey,
                $"{Header} must be given once, with 1 to {MaxKeyLength} printable characters.");
    }

    private async Task<StoredResponse> RunAsync(HttpContext context, RequestFingerprint request)
    {
        // A caller that disconnects will repeat the request with the same key, so the work is completed and not started twice.
        var aborted = context.RequestAborted;
        context.RequestAborted = CancellationToken.None;
        try
        {
            var body = await CaptureAsync(context);
            var status = context.Response.StatusCode;
            var isStored = body.Length <= StoredResponse.MaxBytes && IsFinal(status);

            return new StoredResponse(
                status,
                HeadersOf(context.Response),
                body,
                isStored ? await request.EndAsync(CancellationToken.None) : null);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    /// <summary>Captures the response. Refusals are responses, to be repeated; other exceptions are thrown and release the key.</summary>
    private async Task<byte[]> CaptureAsync(HttpContext context)
    {
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        var captured = new StreamResponseBodyFeature(body);
        context.Features.Set<IHttpResponseBodyFeature>(captured);
        try
        {
            await next(context);
            await captured.CompleteAsync();
        }
        catch (Exception refusal) when (ProblemExceptionHandler.IsRefusal(refusal))
        {
            context.Response.Clear();
            await failures.TryHandleAsync(context, refusal, CancellationToken.None);
            await captured.CompleteAsync();
        }
        finally
        {
            context.Features.Set(original);
        }

        return body.ToArray();
    }

    /// <summary>
    /// False if a repeated request may succeed (faults, timeouts, too many requests), and for bodies that were refused unread.
    /// </summary>
    private static bool IsFinal(int status) => status < 500 && status is not (408 or 413 or 429);

    private static Dictionary<string, string> HeadersOf(HttpResponse response) =>
        StoredHeaders.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToString());

    private static async Task SendAsync(HttpContext context, StoredResponse answer)
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
        $"The first request with this {Header} is still in progress. Try again later.");

    private static RefusedException Reused() => new(
        ErrorCode.IdempotencyKeyReused,
        $"This {Header} was used for a different request. Use a new key for each request.");
}
