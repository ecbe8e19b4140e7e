using ImageResize.Functions.Http.Identity;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Requests;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Functions;

/// <summary>
/// Recognizes the operator by the admin key, and users and applications that Easy Auth has signed in. The Functions host checks the keys of
/// callers and does not say which one a request had, but it passes the key on.
/// </summary>
internal sealed class WorkerCallerMiddleware(RequestDelegate next, KeyRing keys, EasyAuth easyAuth, IOptions<IdentityOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var principal = easyAuth.TakeCaller(context.Request);
        if (RequestKey.Read(context.Request) is [{ } key] && keys.FindCaller(key) is { } caller && caller.IsInRole(Caller.Admin))
        {
            context.User = caller;
        }
        else if (principal is not null)
        {
            Principal.RequireRole(principal, RequiredRole.Of(context), options.Value);
            context.User = principal;
        }

        return next(context);
    }
}
