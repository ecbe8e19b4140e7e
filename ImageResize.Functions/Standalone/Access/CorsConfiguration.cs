using ImageResize.Functions.Http.Direct;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Middleware;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>Allows web pages of other origins to call, standalone. In Azure Functions, the platform does that.</summary>
internal static class CorsConfiguration
{
    /// <summary>How long a browser caches the response to a preflight request. Chromium's own limit is two hours.</summary>
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromMinutes(10);

    /// <summary>Pages send keys in a header and not as cookies, so credentials are not allowed.</summary>
    public static void Configure(CorsOptions cors, AccessOptions access) => cors.AddDefaultPolicy(pages => pages
        .WithOrigins(access.Origins)
        .AllowAnyMethod()
        .AllowAnyHeader()
        .WithExposedHeaders(
            HeaderNames.Location,
            HeaderNames.RetryAfter,
            HeaderNames.ETag,
            HeaderNames.ContentDisposition,
            QuotaHeaders.Remaining,
            QuotaHeaders.Policy,
            DirectHeaders.Width,
            DirectHeaders.Height,
            DirectHeaders.SourceWidth,
            DirectHeaders.SourceHeight,
            DirectHeaders.Note,
            DirectHeaders.ServerTiming)
        .SetPreflightMaxAge(PreflightMaxAge));
}
