using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Functions;

/// <summary>
/// Recognizes the operator by the admin key. The Functions host checks the keys of callers and does not say which one a request had, but it
/// passes the key on.
/// </summary>
internal sealed class AdminKeyMiddleware(RequestDelegate next, KeyRing keys)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (RequestKey.Read(context.Request) is [{ } key] && keys.FindCaller(key) is { } caller && caller.IsInRole(Caller.Admin))
        {
            context.User = caller;
        }

        return next(context);
    }
}
