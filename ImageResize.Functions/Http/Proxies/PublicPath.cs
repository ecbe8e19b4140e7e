using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Proxies;

/// <summary>
/// The path under which the caller of the current request sees the program: that of a trusted proxy's <c>X-Forwarded-Prefix</c>, else
/// that of the setting. Links have no host, but need this path.
/// </summary>
internal sealed class PublicPath(RequestDelegate next, IOptions<ProxyOptions> options)
{
    private static readonly AsyncLocal<string?> Prefix = new();

    public Task InvokeAsync(HttpContext context)
    {
        Prefix.Value = context.Request.PathBase.HasValue ? context.Request.PathBase.Value : options.Value.PathPrefix;

        return next(context);
    }

    /// <param name="path">For example <c>/v1/jobs</c>.</param>
    public static string Of(string path) => Prefix.Value + path;
}
