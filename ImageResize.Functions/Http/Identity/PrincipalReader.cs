using System.Security.Claims;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Keys;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Identity;

/// <summary>Identifies callers that an identity provider has signed in: by Easy Auth's header, otherwise by a token.</summary>
internal sealed class PrincipalReader(EasyAuth easyAuth, TokenReader tokens, IOptions<IdentityOptions> options)
{
    /// <param name="role">The required role; null if none is.</param>
    /// <returns>Null if the request has neither.</returns>
    /// <exception cref="RefusedException">
    /// The token or header is not valid, the caller doesn't have the role, or the issuer of tokens is unavailable.
    /// </exception>
    public async Task<ClaimsPrincipal?> FindAsync(HttpContext context, string? role)
    {
        var signedIn = easyAuth.TakeCaller(context.Request);

        // A page that sends a key means its caller, not the user whose cookie the browser adds.
        var caller = RequestKey.IsSent(context.Request) ? null : signedIn;
        caller ??= await tokens.FindCallerAsync(context.Request, isRequired: role is not null, context.RequestAborted);
        if (caller is not null)
        {
            Principal.RequireRole(caller, role, options.Value);
        }

        return caller;
    }
}
