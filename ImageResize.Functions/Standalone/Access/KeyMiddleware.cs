using System.Net;
using System.Security.Claims;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http;
using Microsoft.AspNetCore.Authorization;

namespace ImageResize.Functions.Access;

/// <summary>
/// Lets in who has a key: as the Functions host takes them, in the header <c>x-functions-key</c> or the parameter <c>code</c>. All
/// others get one answer, whether they have a wrong key or none, and whether what they ask for is there or not.
/// </summary>
internal sealed class KeyMiddleware(RequestDelegate next, KeyRing keys, IHostEnvironment environment)
{
    public const string Header = "x-functions-key";

    public async Task InvokeAsync(HttpContext context)
    {
        var caller = FindCaller(context);
        if (WantedOf(context.GetEndpoint()) is { } wanted && caller?.IsInRole(wanted) != true)
        {
            throw new RefusedException(
                ErrorCode.Unauthorized,
                $"This needs a key: send it in the header {Header}.");
        }

        context.User = caller ?? context.User;
        await next(context);
    }

    /// <summary>Null when anybody may ask. What is nowhere is asked for by callers of the API, too.</summary>
    private static string? WantedOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null ? null
        : endpoint?.Metadata.GetMetadata<AdminOnly>() is not null ? Caller.Admin
        : Caller.Api;

    /// <summary>Who sends a key is who it belongs to, also where none is needed.</summary>
    private ClaimsPrincipal? FindCaller(HttpContext context)
    {
        var sent = context.Request.Headers[Header];
        if (sent.Count == 0)
        {
            sent = context.Request.Query[KeyParameter.Name];
        }

        return sent switch
        {
            [] => IsDevelopersOwn(context.Connection) ? Caller.Developer : null,
            [{ } key] => keys.FindCaller(key),
            _ => null,
        };
    }

    /// <summary>By the connection itself, whatever headers of a proxy may say.</summary>
    private bool IsDevelopersOwn(ConnectionInfo connection) =>
        environment.IsDevelopment()
        && connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local }
        && IPAddress.IsLoopback(remote)
        && IPAddress.IsLoopback(local);
}

/// <summary>Of an endpoint: it takes the admin key alone.</summary>
internal sealed class AdminOnly;
