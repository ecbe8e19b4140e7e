using System.ComponentModel.DataAnnotations;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Identity;

/// <summary>
/// Users and applications of an identity provider such as Microsoft Entra ID, who call with a token instead of a key. Bound from
/// <c>ImageResize:Identity</c>.
/// </summary>
public sealed class IdentityOptions : IValidatableObject
{
    /// <summary>Authorities of Entra ID that sign in users of every tenant.</summary>
    private static readonly string[] AllTenants = ["common", "organizations", "consumers"];

    /// <summary>
    /// The address below which the issuer of tokens publishes its keys: <c>https://login.microsoftonline.com/TENANT/v2.0</c>. If it is
    /// empty, tokens are not accepted. Standalone only.
    /// </summary>
    public string Authority { get; init; } = "";

    /// <summary>The audiences of tokens for this service, separated by commas: the client id or the URI of its app registration.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The issuer that tokens name, if it is not that of the authority's discovery document.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Whether a token is accepted once only, by all instances together.</summary>
    public bool SingleUse { get; init; }

    /// <summary>Whether the header <c>X-MS-CLIENT-PRINCIPAL</c> is trusted, which the platform's authentication (Easy Auth) sets.</summary>
    public bool EasyAuth { get; init; }

    /// <summary>The role, in the claim <c>roles</c>, of callers that may read what belongs to them.</summary>
    public string ReadRole { get; init; } = "Images.Read";

    /// <summary>The role of callers that may also submit, upload, retry, cancel and delete.</summary>
    public string SubmitRole { get; init; } = "Images.Submit";

    /// <summary>The role of operators. Together with another role, it opens what belongs to other callers.</summary>
    public string AdminRole { get; init; } = "Images.Admin";

    internal bool AcceptsTokens => Authority.Length > 0;

    internal string[] Audiences => Audience.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A development issuer on the same machine needs no certificate.</summary>
    internal bool RequiresHttps => !(Uri.TryCreate(Authority, UriKind.Absolute, out var address) && address.IsLoopback);

    /// <summary>The roles here of a caller that has a role of the identity provider. An empty setting means that nobody has it.</summary>
    internal string[] RolesOf(string assigned) => assigned.Length == 0 ? [] :
    [
        .. assigned == ReadRole ? [Caller.Read] : (string[])[],
        .. assigned == SubmitRole ? [Caller.Read, Caller.Submit] : (string[])[],
        .. assigned == AdminRole ? [Caller.Admin] : (string[])[],
    ];

    /// <summary>The role of the identity provider that permits what a role here permits.</summary>
    internal string NameOf(string role) => role switch
    {
        Caller.Admin => AdminRole,
        Caller.Submit => SubmitRole,
        _ => $"{ReadRole} or {SubmitRole}",
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        const string prefix = "ImageResize__Identity__";
        if (!AcceptsTokens)
        {
            yield break;
        }

        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var address) || address.Query.Length > 0 || address.UserInfo.Length > 0
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            yield return new ValidationResult(
                $"{prefix}{nameof(Authority)} must be an https address such as https://login.microsoftonline.com/TENANT/v2.0.");
        }
        else if (Issuer.Length == 0 && address.Segments.Any(part => AllTenants.Contains(part.Trim('/'), StringComparer.OrdinalIgnoreCase)))
        {
            yield return new ValidationResult(
                $"{prefix}{nameof(Authority)} must name one tenant: {address.AbsolutePath} would accept tokens of all.");
        }

        if (Audiences.Length == 0)
        {
            yield return new ValidationResult(
                $"{prefix}{nameof(Audience)} is missing. Without it, tokens for other services would be accepted.");
        }
    }
}
