using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Identifiers;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Names the caller to whom the submitted work belongs: by the name of its key; under the Functions host, which does not pass names
/// on, by a hash of the key itself. Runs before the key is removed from the request.
/// </summary>
internal static class CallerNames
{
    private const int HashLength = 8;

    public static Task SetAsync(HttpContext context, RequestDelegate next)
    {
        var name = context.User.Identity?.Name ?? (RequestKey.Read(context.Request) is [{ Length: > 0 } key] ? HashOf(key) : null);
        CurrentCaller.Set(name, context.User.IsInRole(Caller.Admin));

        return next(context);
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..HashLength];
}
