using System.Security.Claims;
using System.Text.RegularExpressions;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Identity;

/// <summary>The caller that the claims of a token or of Easy Auth describe: a user or an application.</summary>
internal static partial class Principal
{
    /// <summary>Distinguishes principals from callers with keys, whose names contain no colon.</summary>
    private const string Prefix = "principal:";

    /// <summary>
    /// The first that exists is the caller. Entra ID's object id is the same for all applications, and nobody can choose it. Easy Auth
    /// has the long names (WS-Federation) of some claims.
    /// </summary>
    private static readonly string[] IdTypes =
        ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier", "sub", ClaimTypes.NameIdentifier, "azp", "appid"];

    private static readonly string[] RoleTypes = ["roles", ClaimTypes.Role];

    /// <exception cref="RefusedException">No claim identifies the caller.</exception>
    public static ClaimsPrincipal ToCaller(IReadOnlyCollection<Claim> claims, IdentityOptions options)
    {
        var id = IdTypes.Select(type => claims.FirstOrDefault(claim => claim.Type == type)?.Value).OfType<string>().FirstOrDefault();
        if (id is null || !Id().IsMatch(id))
        {
            throw new RefusedException(
                ErrorCode.Unauthorized, "The token does not identify its caller: oid or sub must be 1 to 255 visible ASCII characters.");
        }

        var roles = claims.Where(claim => IsRole(claim.Type)).SelectMany(claim => options.RolesOf(claim.Value));

        return Caller.Create(Prefix + id, [.. roles.Distinct()]);
    }

    public static bool IsRole(string claimType) => RoleTypes.Contains(claimType);

    /// <param name="role">The required role; null if none is.</param>
    /// <exception cref="RefusedException">The caller does not have it.</exception>
    public static void RequireRole(ClaimsPrincipal caller, string? role, IdentityOptions options)
    {
        if (role is not null && !caller.IsInRole(role))
        {
            throw new RefusedException(
                ErrorCode.Forbidden, $"The caller has no role that permits this request. It needs the role {options.NameOf(role)}.");
        }
    }

    /// <summary>As OpenID Connect limits <c>sub</c>. The text is written to logs and messages.</summary>
    [GeneratedRegex(@"^[\x21-\x7E]{1,255}\z")]
    private static partial Regex Id();
}
