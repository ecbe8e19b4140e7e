using System.Security.Claims;

namespace ImageResize.Functions.Http.Requests;

/// <summary>A caller's identity: a name and roles. Under the Functions host, only the operator and users of Easy Auth have one.</summary>
internal static class Caller
{
    /// <summary>The role of callers that may read what belongs to them.</summary>
    public const string Read = "read";

    /// <summary>The role of callers that may submit, upload, retry and cancel.</summary>
    public const string Submit = "submit";

    /// <summary>The role of the operator: metrics and the details of health.</summary>
    public const string Admin = "admin";

    /// <summary>A developer without a key on the same machine: has all roles and no name.</summary>
    public static ClaimsPrincipal Developer { get; } = Create(name: null, Read, Submit, Admin);

    public static ClaimsPrincipal Create(string? name, params string[] roles)
    {
        var claims = roles.Select(role => new Claim(ClaimTypes.Role, role));
        var named = name is null ? claims : claims.Append(new Claim(ClaimTypes.Name, name));

        return new ClaimsPrincipal(new ClaimsIdentity(named, authenticationType: "key"));
    }
}
