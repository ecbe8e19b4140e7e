using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ImageResize.Tests.Support.Web;

/// <summary>An issuer of tokens on this machine: its discovery document, the keys that it publishes, and tokens that it signs.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "api://imageresize";

    private const string Tenant = "/tenant/v2.0";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly StubServer _server = new();

    public TestIssuer() => Publish(Key);

    /// <summary>Signs tokens unless a test says otherwise.</summary>
    public RsaSecurityKey Key { get; private set; } = NewKey("first");

    public string Authority => $"http://{_server.Place}{Tenant}";

    public int Requests => _server.Requests.Count;

    public static RsaSecurityKey NewKey(string id) => new(RSA.Create(2_048)) { KeyId = id };

    /// <summary>From now on, tokens are signed with another key.</summary>
    public RsaSecurityKey SignWith(RsaSecurityKey key) => Key = key;

    public void Publish(params RsaSecurityKey[] keys)
    {
        Answer("/.well-known/openid-configuration", new { issuer = Authority, jwks_uri = $"{Authority}/keys" });
        Answer("/keys", new { keys = keys.Select(Describe) });
    }

    public void AnswerDiscovery(string document) => Send("/.well-known/openid-configuration", document);

    /// <summary>Closes connections without an answer.</summary>
    public void Stop() => _server.Pages.Clear();

    /// <param name="change">Changes a valid token.</param>
    public string Sign(Action<SecurityTokenDescriptor> change, RsaSecurityKey? key = null)
    {
        var now = DateTime.UtcNow;
        var token = new SecurityTokenDescriptor
        {
            Issuer = Authority,
            Audience = Audience,
            NotBefore = now.AddMinutes(-5),
            Expires = now.AddHours(1),
            Claims = new Dictionary<string, object> { ["jti"] = Guid.NewGuid().ToString() },
            SigningCredentials = new SigningCredentials(key ?? Key, SecurityAlgorithms.RsaSha256),
        };
        change(token);

        return Handler.CreateToken(token);
    }

    /// <summary>A valid token of a user or an application.</summary>
    public string Sign(string id, params string[] roles) => Sign(token =>
    {
        token.Claims["oid"] = id;
        token.Claims["roles"] = roles;
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static object Describe(RsaSecurityKey key)
    {
        var numbers = key.Rsa.ExportParameters(includePrivateParameters: false);

        return new
        {
            kty = "RSA",
            use = "sig",
            kid = key.KeyId,
            n = Base64UrlEncoder.Encode(numbers.Modulus),
            e = Base64UrlEncoder.Encode(numbers.Exponent),
        };
    }

    private void Answer(string path, object document) => Send(path, JsonSerializer.Serialize(document));

    private void Send(string path, string document) => _server.Answer(
        Tenant + path,
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {document.Length}\r\nConnection: close\r\n\r\n{document}");
}
