using System.Net;
using System.Security.Claims;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Identity;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Requests;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// Requires a key in the header <c>x-functions-key</c> or the parameter <c>code</c>, as the Functions host does, or a token. The response
/// to all other requests says whether the key is missing or wrong, but not whether the address exists.
/// </summary>
internal sealed class KeyMiddleware(
    RequestDelegate next, KeyRing keys, PrincipalReader principals, IHostEnvironment environment, IOptions<AccessOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var role = RequiredRole.Of(context);
        var caller = await principals.FindAsync(context, role) ?? FindByKey(context, role);
        context.User = caller ?? context.User;
        await next(context);
    }

    /// <summary>Identifies a caller that sends a key, even where none is required.</summary>
    /// <param name="role">The required role; null if none is.</param>
    private ClaimsPrincipal? FindByKey(HttpContext context, string? role)
    {
        var caller = FindCaller(context);
        if (role is not null && caller?.IsInRole(role) != true)
        {
            throw role == Caller.Submit && caller?.IsInRole(Caller.Read) == true
                ? new RefusedException(ErrorCode.Forbidden, "This key can only read. Use a key that can submit.")
                : new RefusedException(ErrorCode.Unauthorized, Explain(context.Request, caller));
        }

        return caller;
    }

    private static string Explain(HttpRequest request, ClaimsPrincipal? caller) =>
        caller is not null ? "This key does not give access to this address."
        : !RequestKey.IsSent(request) ? $"A key is required. Send it in the header {RequestKey.Header}."
        : "The key is not valid. Check that it is complete and that it is for this service.";

    private ClaimsPrincipal? FindCaller(HttpContext context) => RequestKey.Read(context.Request) switch
    {
        [] or [""] => IsLocalDevelopment(context) ? Caller.Developer : null,
        [{ } key] => keys.FindCaller(key),
        _ => null,
    };

    /// <summary>
    /// Checks the connection itself, not the headers of a proxy; and that a browser sends the request for a page that may call, because any
    /// page that a developer opens can send requests to loopback.
    /// </summary>
    private bool IsLocalDevelopment(HttpContext context) =>
        environment.IsDevelopment()
        && context.Connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local }
        && IPAddress.IsLoopback(remote)
        && IPAddress.IsLoopback(local)
        && BrowserRequest.IsLocal(context.Request, options.Value.Origins);
}
