using System.Text.Json;

namespace ImageResize.Tests.Support.Web;

/// <summary>The header by which Easy Auth of Azure says who has signed in.</summary>
internal static class ClientPrincipal
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    private const string RoleType = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

    /// <summary>A user or an application of Microsoft Entra ID.</summary>
    public static string Of(string id, params string[] roles) => OfProvider("aad", id, roles);

    public static string OfProvider(string provider, string id, params string[] roles) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
        {
            auth_typ = provider,
            name_typ = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            role_typ = RoleType,
            claims = (object[])
            [
                new { typ = "aud", val = "api://imageresize" },
                new { typ = "http://schemas.microsoft.com/identity/claims/objectidentifier", val = id },
                .. roles.Select((role, i) => new { typ = i % 2 == 0 ? "roles" : RoleType, val = role }),
            ],
        }));
}
