using System.Collections.Concurrent;
using ImageResize.Functions.Http.Keys;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// Logs each origin whose web pages call without being allowed. The browser only tells the page that the request failed, so its developer
/// looks here.
/// </summary>
internal sealed partial class RefusedOrigins(RequestDelegate next, IOptions<AccessOptions> options, ILogger<RefusedOrigins> logger)
{
    /// <summary>Callers choose origins, so they must not fill memory or the log.</summary>
    private const int MaxLogged = 50;

    private const int MaxLength = 200;

    private readonly ConcurrentDictionary<string, bool> _logged = new();

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin is [{ Length: > 0 and <= MaxLength } origin]
            && origin != $"{request.Scheme}://{request.Host}"
            && !options.Value.Origins.Contains(origin)
            && !options.Value.Origins.Contains("*")
            && origin.All(character => character is > ' ' and <= '~')
            && _logged.Count < MaxLogged
            && _logged.TryAdd(origin, true))
        {
            LogRefused(origin);
        }

        return next(context);
    }

    [LoggerMessage(
        19001,
        LogLevel.Warning,
        "Web pages of {Origin} can't read responses: ImageResize__AllowedOrigins does not contain it",
        EventName = "RefusedOriginsRefused")]
    private partial void LogRefused(string origin);
}
