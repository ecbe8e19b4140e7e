using System.Security.Claims;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Keys;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ImageResize.Functions.Http.Identity;

/// <summary>Identifies callers by bearer tokens (RFC 6750) that are JWTs, with the rules of RFC 8725.</summary>
internal sealed class TokenReader(TokenIssuer issuer, UsedTokens used, IOptions<IdentityOptions> options)
{
    private const string Scheme = "Bearer ";

    /// <summary>How much the clocks of the issuer and of this machine may differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>Signatures by a private key only: with HS256, the issuer's public key could be used as the secret.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <returns>Null if tokens are not accepted or the request has none.</returns>
    /// <param name="isRequired">If not, an invalid token counts as none, and nothing is read from the issuer.</param>
    /// <exception cref="RefusedException">The token is not valid, or its issuer is unavailable.</exception>
    public async Task<ClaimsPrincipal?> FindCallerAsync(HttpRequest request, bool isRequired, CancellationToken cancellationToken)
    {
        if (!options.Value.AcceptsTokens || !HasToken(request) || (!isRequired && !issuer.IsKnown))
        {
            return null;
        }

        try
        {
            return await ReadAsync(request, cancellationToken);
        }
        catch (RefusedException) when (!isRequired)
        {
            return null;
        }
    }

    private static bool HasToken(HttpRequest request) =>
        request.Headers.Authorization.Any(value => value?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true);

    private async Task<ClaimsPrincipal> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not [{ } header] || RequestKey.IsSent(request))
        {
            throw Invalid("Send one token or one key, not both.");
        }

        var result = await ValidateAsync(header[Scheme.Length..].Trim(), cancellationToken);
        if (options.Value.SingleUse)
        {
            await used.AddAsync((JsonWebToken)result.SecurityToken, cancellationToken);
        }

        return Principal.ToCaller([.. result.ClaimsIdentity.Claims], options.Value);
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        var result = await _handler.ValidateTokenAsync(token, RulesOf(await issuer.GetAsync(cancellationToken)));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            result = await _handler.ValidateTokenAsync(token, RulesOf(await issuer.GetAgainAsync(cancellationToken)));
        }

        return result.IsValid ? result : throw Invalid(Explain(result.Exception));
    }

    private TokenValidationParameters RulesOf(OpenIdConnectConfiguration known) => new()
    {
        ValidIssuer = options.Value.Issuer.Length > 0 ? options.Value.Issuer : known.Issuer,
        ValidAudiences = options.Value.Audiences,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        IssuerSigningKeys = known.SigningKeys,
        ValidAlgorithms = Algorithms,
        ClockSkew = ClockSkew,
    };

    private static string Explain(Exception failure) => failure switch
    {
        SecurityTokenExpiredException => "The token has expired. Request a new one.",
        SecurityTokenNotYetValidException => "The token is not valid yet. Check the clocks of this service and of the token's issuer.",
        SecurityTokenNoExpirationException => "The token has no time of expiry.",
        SecurityTokenInvalidAudienceException => "The token is for another service. Request one for the audience of this service.",
        SecurityTokenInvalidIssuerException => "The token is of another issuer than that of this service.",
        SecurityTokenSignatureKeyNotFoundException => "The token is signed with a key that its issuer does not publish.",
        SecurityTokenMalformedException or ArgumentException => "The token is not a signed JWT.",
        _ => "The token's signature is not valid.",
    };

    private static RefusedException Invalid(string reason) => new(ErrorCode.Unauthorized, reason);
}
