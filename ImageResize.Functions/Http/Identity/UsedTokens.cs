using ImageResize.Core.Errors;
using ImageResize.Core.Idempotency;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ImageResize.Functions.Http.Identity;

/// <summary>
/// Refuses tokens that were used before, at any instance. Their ids are stored beside the idempotency keys, and removed with them after a
/// day.
/// </summary>
internal sealed class UsedTokens(IIdempotencyStore store, TimeProvider clock)
{
    /// <summary>No caller has this name, so the ids don't meet idempotency keys.</summary>
    private const string Scope = "tokens:";

    /// <summary>Entra ID's own name for the id.</summary>
    private const string EntraId = "uti";

    /// <summary>A token must not outlive the row that says it was used.</summary>
    private static readonly TimeSpan LongestLifetime = IdempotencyService.Retention - TimeSpan.FromHours(1);

    /// <exception cref="RefusedException">The token was used, or can't be told from others.</exception>
    public async Task AddAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        var id = token.TryGetClaim(JwtRegisteredClaimNames.Jti, out var jti) || token.TryGetClaim(EntraId, out jti) ? jti.Value : "";
        if (id.Length == 0 || token.ValidTo - clock.GetUtcNow().UtcDateTime > LongestLifetime)
        {
            throw new RefusedException(
                ErrorCode.Unauthorized,
                $"Tokens are accepted once. That needs the claim jti, and an expiry in {LongestLifetime.TotalHours} hours at most.");
        }

        if (await store.TryAddAsync(IdempotencyKey.Of(Scope, id), new KeyState(), cancellationToken) is null)
        {
            throw new RefusedException(ErrorCode.Unauthorized, "The token has been used. Tokens are accepted once: request a new one.");
        }
    }
}
