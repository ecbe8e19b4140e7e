using System.Security.Claims;
using System.Text.Json;
using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Identity;

/// <summary>
/// Identifies callers that the authentication of Azure Functions or Container Apps (Easy Auth) has signed in. The platform removes the
/// headers from requests of callers and sets them itself. Elsewhere anybody could send them, so they are removed here.
/// </summary>
internal sealed class EasyAuth(IOptions<IdentityOptions> options)
{
    private const string Header = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>The value of <c>auth_typ</c> for Microsoft Entra ID. Other providers have no roles.</summary>
    private const string Entra = "aad";

    private const string FetchSite = "Sec-Fetch-Site";

    private static readonly string[] Headers = [Header, Header + "-ID", Header + "-NAME", Header + "-IDP"];

    /// <summary>Removes the headers from the request.</summary>
    /// <returns>Null if they are not trusted, the request has none, or a foreign page uses the cookie of a browser's user.</returns>
    /// <exception cref="RefusedException">The header is not one of the platform.</exception>
    public ClaimsPrincipal? TakeCaller(HttpRequest request)
    {
        var value = request.Headers[Header];
        Array.ForEach(Headers, header => request.Headers.Remove(header));

        return options.Value.EasyAuth && value.Count > 0 && !IsForeignPage(request) ? Read(value) : null;
    }

    /// <summary>
    /// Whether another site's page sends the request. Browsers add the platform's cookie to such requests, but never a token, unless the
    /// platform's CORS rules allow the page.
    /// </summary>
    private static bool IsForeignPage(HttpRequest request) => request.Headers.Authorization.Count == 0
        && (request.Headers.TryGetValue(FetchSite, out var sites)
            ? sites.Any(site => site is not ("same-origin" or "none"))
            : request.Headers.Origin.Any(origin => !IsSameHost(origin, request.Host)));

    private static bool IsSameHost(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address)
        && address.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    private ClaimsPrincipal Read(IReadOnlyList<string?> values)
    {
        try
        {
            using var principal = JsonDocument.Parse(Convert.FromBase64String(values.Single()!));
            var hasRoles = principal.RootElement.GetProperty("auth_typ").GetString() == Entra;
            var claims =
                from claim in principal.RootElement.GetProperty("claims").EnumerateArray()
                let type = claim.GetProperty("typ").GetString()!
                where hasRoles || !Principal.IsRole(type)
                select new Claim(type, claim.GetProperty("val").GetString()!);

            return Principal.ToCaller([.. claims], options.Value);
        }
        catch (Exception failure) when (failure is FormatException or JsonException or InvalidOperationException or KeyNotFoundException
            or ArgumentException)
        {
            throw new RefusedException(ErrorCode.Unauthorized, $"{Header} is not as the platform sets it.", failure);
        }
    }
}
