using System.Net;
using System.Security.Claims;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Authorization;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// Requires a key in the header <c>x-functions-key</c> or the parameter <c>code</c>, as the Functions host does. All other requests get the
/// same response, whether the key is wrong or missing and whether the address exists or not.
/// </summary>
internal sealed class KeyMiddleware(RequestDelegate next, KeyRing keys, IHostEnvironment environment)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var caller = FindCaller(context);
        if (RequiredRole(context.GetEndpoint()) is { } role && caller?.IsInRole(role) != true)
        {
            throw new RefusedException(
                ErrorCode.Unauthorized,
                $"A key is required. Send it in the header {RequestKey.Header}.");
        }

        context.User = caller ?? context.User;
        await next(context);
    }

    /// <summary>Null for public endpoints. An unknown address requires a key of the API.</summary>
    private static string? RequiredRole(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null ? null
        : endpoint?.Metadata.GetMetadata<AdminOnly>() is not null ? Caller.Admin
        : Caller.Api;

    /// <summary>Identifies a caller that sends a key, even where none is required.</summary>
    private ClaimsPrincipal? FindCaller(HttpContext context) => RequestKey.Read(context.Request) switch
    {
        [] => IsLocalDevelopment(context.Connection) ? Caller.Developer : null,
        [{ } key] => keys.FindCaller(key),
        _ => null,
    };

    /// <summary>Checks the connection itself, not the headers of a proxy.</summary>
    private bool IsLocalDevelopment(ConnectionInfo connection) =>
        environment.IsDevelopment()
        && connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local }
        && IPAddress.IsLoopback(remote)
        && IPAddress.IsLoopback(local);
}
