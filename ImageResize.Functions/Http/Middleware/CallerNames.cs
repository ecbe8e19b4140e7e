using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Batches.Submission;
using ImageResize.Functions.Http.Keys;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Names the caller whose turn the submitted work is: by the name of its key, or under the Functions host, which does not pass names on, by
/// a hash of the key itself. Runs before the key is removed from the request.
/// </summary>
internal static class CallerNames
{
    private const int HashLength = 8;

    public static Task SetAsync(HttpContext context, RequestDelegate next)
    {
        CurrentCaller.Name = context.User.Identity?.Name
            ?? (RequestKey.Read(context.Request) is [{ Length: > 0 } key] ? HashOf(key) : null);

        return next(context);
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..HashLength];
}
