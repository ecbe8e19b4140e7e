using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Access;

/// <summary>Which web pages of other origins may call, standalone: browsers ask before they let a page. In Azure Functions the platform answers them.</summary>
internal static class CrossOrigin
{
    /// <summary>Until a browser asks again; Chromium's own limit is two hours.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    /// <summary>Pages send keys as headers, not as cookies, so there are no credentials to allow.</summary>
    public static void Configure(CorsOptions cors, AccessOptions access) => cors.AddDefaultPolicy(pages => pages
        .WithOrigins(access.Origins)
        .AllowAnyMethod()
        .AllowAnyHeader()
        .WithExposedHeaders(HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.ETag)
        .SetPreflightMaxAge(Remembered));
}
