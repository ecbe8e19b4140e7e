using System.Net;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// Distinguishes requests of a developer's own tools and pages from those that a foreign page makes the developer's browser send.
/// </summary>
internal static class BrowserRequest
{
    /// <summary>W3C Fetch Metadata: set by browsers, and not by pages.</summary>
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>
    /// Whether the request is for a loopback host, so that no DNS name of a foreign page leads here (DNS rebinding), and comes from no
    /// browser, from a page of this program, or from an allowed origin.
    /// </summary>
    public static bool IsLocal(HttpRequest request, string[] allowedOrigins) =>
        IsLoopbackHost(request.Host.Host) && (IsAllowedOrigin(request, allowedOrigins) || !IsFromAnotherOrigin(request));

    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsAllowedOrigin(HttpRequest request, string[] allowedOrigins) =>
        request.Headers.Origin is [{ } origin] && (allowedOrigins.Contains(origin) || allowedOrigins.Contains("*"));

    /// <summary>Some browsers send no Sec-Fetch-Site; all send the origin with requests that have a body.</summary>
    private static bool IsFromAnotherOrigin(HttpRequest request) =>
        request.Headers[FetchSite].Any(site => site is not ("same-origin" or "none"))
        || request.Headers.Origin.Any(origin => origin != $"{request.Scheme}://{request.Host}");
}
