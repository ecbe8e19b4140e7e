using System.Diagnostics;

namespace ImageResize.Functions.Telemetry;

/// <summary>
/// Describes a request's span by its route. Queries are left out, because they can contain keys and sources. Spans of probes and of the
/// page's files are not exported.
/// </summary>
internal static class RequestSpan
{
    /// <summary>ASP.NET Core's own source of spans.</summary>
    public const string Source = "Microsoft.AspNetCore";

    private static readonly string[] Unrecorded = ["/health", "/metrics", "/page", "/docs"];

    public static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
        {
            await next(context);
            return;
        }

        if (Array.Exists(Unrecorded, path => context.Request.Path.StartsWithSegments(path)))
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        if (span.Source.Name == Source && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.route", route);
        }

        span.SetTag("http.request.method", context.Request.Method);
        await next(context);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        span.SetStatus(context.Response.StatusCode >= StatusCodes.Status500InternalServerError
            ? ActivityStatusCode.Error
            : ActivityStatusCode.Unset);
    }
}
