using System.Globalization;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Quotas;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Shows callers what they may still submit, in the headers of draft-ietf-httpapi-ratelimit-headers. On responses to POST only, because
/// other methods are not limited by it.
/// </summary>
internal sealed class QuotaHeaders(RequestDelegate next, OpenWork open, DailyBytes bytes)
{
    public const string Policy = "RateLimit-Policy";
    public const string Remaining = "RateLimit";

    private readonly string _policy = string.Create(
        CultureInfo.InvariantCulture,
        $"\"open-work\";q={open.Limit};qu=\"processor-seconds\", \"daily-bytes\";q={bytes.Limit};qu=\"content-bytes\";w=86400");

    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint() is not null)
        {
            var caller = CurrentCaller.Name;
            context.Response.OnStarting(() =>
            {
                Add(context.Response.Headers, caller);

                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    private void Add(IHeaderDictionary headers, string? caller)
    {
        var remaining = (long)Math.Max(0, open.Limit - open.SecondsOf(caller));
        var remainingBytes = Math.Max(0, bytes.Limit - bytes.UsedBy(caller));
        var reset = (int)Math.Ceiling(bytes.UntilReset.TotalSeconds);
        headers[Policy] = _policy;
        headers[Remaining] = string.Create(
            CultureInfo.InvariantCulture, $"\"open-work\";r={remaining}, \"daily-bytes\";r={remainingBytes};t={reset}");
    }
}
