using System.Security.Claims;

namespace ImageResize.Functions.Access;

/// <summary>Who asks, as far as we know: a name, and what is open to it.</summary>
internal static class Caller
{
    /// <summary>May use the API.</summary>
    public const string Api = "api";

    /// <summary>May see what is the operator's.</summary>
    public const string Admin = "admin";

    /// <summary>On a developer's machine: everything is open, and nobody has a name.</summary>
    public static ClaimsPrincipal Developer { get; } = Of(name: null, Api, Admin);

    public static ClaimsPrincipal Of(string? name, params string[] open)
    {
        var claims = open.Select(part => new Claim(ClaimTypes.Role, part));
        var named = name is null ? claims : claims.Append(new Claim(ClaimTypes.Name, name));

        return new ClaimsPrincipal(new ClaimsIdentity(named, authenticationType: "key"));
    }
}
