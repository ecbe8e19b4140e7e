using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace ImageResize.Tests.Http.Identity;

/// <summary>Tokens that are accepted and refused.</summary>
public sealed class TokenReaderTests : IAsyncDisposable
{
    private const string Ada = "0c1d2e3f-0000-4000-8000-00000000000a";
    private const string BadSignature = "unauthorized: The token's signature is not valid.";
    private const string UnknownKey = "unauthorized: The token is signed with a key that its issuer does not publish.";
    private const string NoToken = "unauthorized: The token is not a signed JWT.";
    private const string NoCaller =
        "unauthorized: The token does not identify its caller: oid or sub must be 1 to 255 visible ASCII characters.";

    private readonly TokenRig _rig = new();

    private TestIssuer Issuer => _rig.Issuer;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_valid_token_identifies_a_user_or_an_application()
    {
        Assert.Equal($"principal:{Ada}", await _rig.AnswerAsync(Issuer.Sign(Ada, "Images.Read")));
        Assert.Equal("principal:a-sub", await _rig.AnswerAsync(Issuer.Sign(token => token.Claims["sub"] = "a-sub")));
        Assert.Equal("principal:an-app", await _rig.AnswerAsync(Issuer.Sign(token => token.Claims["appid"] = "an-app")));
        Assert.Equal($"principal:{Ada}", await _rig.AnswerAsync(Issuer.Sign(token =>
        {
            token.Claims["sub"] = "a-sub";
            token.Claims["oid"] = Ada;
        })));
    }

    [Fact]
    public async Task A_token_at_the_wrong_time_or_for_another_service_is_refused()
    {
        var now = DateTime.UtcNow;

        await AssertRefusedAsync(
            [
                ("expired", token => (token.NotBefore, token.Expires) = (now.AddHours(-1), now.AddMinutes(-2))),
                ("not valid yet", token => token.NotBefore = now.AddMinutes(2)),
                ("no time of expiry", token => token.Expires = null),
                ("for another service", token => token.Audience = "api://another"),
                ("for another service", token => token.Audience = TestIssuer.Audience + "/"),
                ("for another service", token => token.Audience = null),
                ("another issuer", token => token.Issuer = "https://attacker.example/tenant/v2.0"),
                ("another issuer", token => token.Issuer = Issuer.Authority + "/"),
                ("another issuer", token => token.Issuer = null),
            ]);

        async Task AssertRefusedAsync((string Reason, Action<SecurityTokenDescriptor> Change)[] cases)
        {
            foreach (var (reason, change) in cases)
            {
                var answer = await _rig.AnswerAsync(Issuer.Sign(token =>
                {
                    token.Claims["oid"] = Ada;
                    change(token);
                }));

                Assert.StartsWith("unauthorized: ", answer, StringComparison.Ordinal);
                Assert.Contains(reason, answer, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_clocks_of_the_issuer_and_of_this_service_may_differ_by_a_minute()
    {
        var now = DateTime.UtcNow;
        string[] tokens =
        [
            Issuer.Sign(token => (token.NotBefore, token.Expires, token.Claims["oid"]) = (now.AddHours(-1), now.AddSeconds(-30), Ada)),
            Issuer.Sign(token => (token.NotBefore, token.Claims["oid"]) = (now.AddSeconds(30), Ada)),
        ];

        foreach (var token in tokens)
        {
            Assert.Equal($"principal:{Ada}", await _rig.AnswerAsync(token));
        }
    }

    [Fact]
    public async Task A_token_that_the_issuer_has_not_signed_is_refused()
    {
        var valid = Issuer.Sign(Ada, "Images.Read").Split('.');
        var other = Issuer.Sign("somebody-else").Split('.');
        var admin = Encode($$"""{"iss":"{{Issuer.Authority}}","aud":"{{TestIssuer.Audience}}","oid":"{{Ada}}","exp":9999999999}""");
        using var stranger = RSA.Create(2_048);

        (string, string?)[] cases =
        [
            (BadSignature, $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{admin}."),
            (BadSignature, $"{Encode("""{"alg":"None","kid":"first"}""")}.{admin}."),
            (BadSignature, $"{valid[0]}.{valid[1]}."),
            (BadSignature, $"{valid[0]}.{admin}.{valid[2]}"),
            (BadSignature, $"{valid[0]}.{valid[1]}.{other[2]}"),
            (BadSignature, SignWithPublicKey(admin, Issuer.Key.Rsa.ExportSubjectPublicKeyInfo())),
            (BadSignature, SignWithPublicKey(admin, Encoding.ASCII.GetBytes(Issuer.Key.Rsa.ExportSubjectPublicKeyInfoPem()))),
            (BadSignature, Issuer.Sign(token => token.Claims["oid"] = Ada, new RsaSecurityKey(stranger) { KeyId = "first" })),
            (UnknownKey, Issuer.Sign(token => token.Claims["oid"] = Ada, new RsaSecurityKey(stranger) { KeyId = "unknown" })),
            (UnknownKey, SignWithOwnHeader(stranger)),
        ];

        foreach (var ((expected, token), i) in cases.Select((one, i) => (one, i)))
        {
            Assert.Equal((i, expected), (i, await _rig.AnswerAsync(token!)));
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.%%%.AAAA")]
    [InlineData("")]
    public async Task Text_that_is_not_a_token_is_refused(string text) => Assert.Equal(NoToken, await _rig.AnswerAsync(text));

    [Fact]
    public async Task A_token_without_a_plain_id_of_its_caller_is_refused()
    {
        foreach (var id in (string?[])[null, "", " ", "a\nb", "a\u202Eb", new string('a', 256)])
        {
            Assert.Equal(NoCaller, await _rig.AnswerAsync(Issuer.Sign(token =>
            {
                if (id is not null)
                {
                    token.Claims["sub"] = id;
                }
            })));
        }
    }

    [Fact]
    public async Task A_request_with_a_key_and_a_token_or_two_tokens_is_refused()
    {
        var token = Issuer.Sign(Ada, "Images.Read");
        IHeaderDictionary[] requests =
        [
            new HeaderDictionary { ["Authorization"] = $"Bearer {token}", [RequestKey.Header] = Secrets.ShopKey },
            new HeaderDictionary { ["Authorization"] = new([$"Bearer {token}", $"Bearer {token}"]) },
            new HeaderDictionary { ["Authorization"] = new(["Basic YTpi", $"bearer {token}"]) },
        ];

        foreach (var request in requests)
        {
            var refusal = await Assert.ThrowsAsync<RefusedException>(() => _rig.ReadAsync(request));

            Assert.Equal(
                (ErrorCode.Unauthorized, "Send one token or one key, not both."), (refusal.Code, refusal.Message));
        }
    }

    [Fact]
    public async Task Other_schemes_of_authorization_are_none_of_this_service()
    {
        Assert.Null(await _rig.ReadAsync(new HeaderDictionary { ["Authorization"] = "Basic YTpi" }));
        Assert.Null(await _rig.ReadAsync(new HeaderDictionary()));
    }

    [Fact]
    public async Task A_token_can_be_limited_to_one_use()
    {
        await using var rig = new TokenRig(singleUse: true);
        var token = rig.Issuer.Sign(Ada, "Images.Read");

        Assert.Equal($"principal:{Ada}", await rig.AnswerAsync(token));
        Assert.Equal(
            "unauthorized: The token has been used. Tokens are accepted once: request a new one.", await rig.AnswerAsync(token));
        Assert.Equal($"principal:{Ada}", await rig.AnswerAsync(rig.Issuer.Sign(Ada, "Images.Read")));
        foreach (var change in (Action<SecurityTokenDescriptor>[])
            [token => token.Claims.Remove("jti"), token => token.Expires = DateTime.UtcNow.AddHours(24)])
        {
            Assert.StartsWith(
                "unauthorized: Tokens are accepted once. That needs the claim jti",
                await rig.AnswerAsync(rig.Issuer.Sign(change)),
                StringComparison.Ordinal);
        }
    }

    /// <summary>HS256 with the issuer's public key as the secret.</summary>
    private static string SignWithPublicKey(string payload, byte[] publicKey)
    {
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT","kid":"first"}""")}.{payload}";

        return $"{signed}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>A header that brings its own key, or says where it is.</summary>
    private string SignWithOwnHeader(RSA stranger) => Issuer.Sign(
        token =>
        {
            token.Claims["oid"] = Ada;
            token.AdditionalHeaderClaims = new Dictionary<string, object>
            {
                ["jwk"] = new Dictionary<string, string>
                {
                    ["kty"] = "RSA",
                    ["n"] = Base64UrlEncoder.Encode(stranger.ExportParameters(includePrivateParameters: false).Modulus),
                    ["e"] = "AQAB",
                },
                ["jku"] = "http://127.0.0.1:1/keys",
            };
        },
        new RsaSecurityKey(stranger) { KeyId = "own" });

    private static string Encode(string json) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(json));
}
