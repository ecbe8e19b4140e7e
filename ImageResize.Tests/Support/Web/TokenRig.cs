using System.Security.Claims;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Identity;
using ImageResize.Tests.Support.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Support.Web;

/// <summary>Reads tokens of a test's issuer, without the program.</summary>
internal sealed class TokenRig : IAsyncDisposable
{
    private readonly TokenIssuer _issuer;
    private readonly TokenReader _reader;

    public TokenRig(bool singleUse = false)
    {
        var options = Options.Create(
            new IdentityOptions { Authority = Issuer.Authority, Audience = TestIssuer.Audience, SingleUse = singleUse });
        _issuer = new TokenIssuer(options, Clock, Log);
        _reader = new TokenReader(_issuer, new UsedTokens(new InMemoryIdempotencyStore(Clock), Clock), options);
    }

    public TestIssuer Issuer { get; } = new();

    /// <summary>The issuer's keys age by this clock. Tokens expire by the machine's.</summary>
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public TestLog<TokenIssuer> Log { get; } = new();

    /// <summary>Sends the token as a request does that needs a caller.</summary>
    /// <exception cref="RefusedException">The token is refused.</exception>
    public Task<ClaimsPrincipal?> ReadAsync(string token, bool isRequired = true) =>
        ReadAsync(new HeaderDictionary { ["Authorization"] = $"Bearer {token}" }, isRequired);

    public Task<ClaimsPrincipal?> ReadAsync(IHeaderDictionary headers, bool isRequired = true)
    {
        var context = new DefaultHttpContext();
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return _reader.FindCallerAsync(context.Request, isRequired, TestContext.Current.CancellationToken);
    }

    /// <summary>The answer to a token: its caller's name, or the code and the reason of the refusal.</summary>
    public async Task<string?> AnswerAsync(string token)
    {
        try
        {
            return (await ReadAsync(token))?.Identity?.Name;
        }
        catch (RefusedException refusal)
        {
            return $"{refusal.Code}: {refusal.Message}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        _issuer.Dispose();
        await Issuer.DisposeAsync();
    }
}
