using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ImageResize.Functions.Http.Identity;

/// <summary>
/// The name and the public keys of the issuer of tokens, from its discovery document (OpenID Connect Discovery 1.0). They are read at the
/// start, hourly, and when a token names an unknown key. If they can't be read, the known ones stay valid.
/// </summary>
internal sealed partial class TokenIssuer : IHostedService, IDisposable
{
    private const int MaxDocumentBytes = 1_000_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Keys that the issuer has withdrawn are no longer accepted after this time.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>The pause after a failure or an unknown key, so that invalid tokens don't cause many requests to the issuer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly IdentityOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<TokenIssuer> _logger;
    private readonly HttpClient _client;
    private readonly HttpDocumentRetriever _documents;
    private readonly Lock _lock = new();
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset _pausedUntil;
    private volatile Known? _known;
    private bool _isFailing;

    public TokenIssuer(IOptions<IdentityOptions> options, TimeProvider clock, ILogger<TokenIssuer> logger)
    {
        (_options, _clock, _logger) = (options.Value, clock, logger);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = MaxAge })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = MaxDocumentBytes,
        };
        _documents = new HttpDocumentRetriever(_client) { RequireHttps = _options.RequiresHttps };
    }

    /// <summary>Whether keys have been read, so that a token can be checked without waiting.</summary>
    public bool IsKnown => _known is not null;

    /// <summary>Begins to read. A failure doesn't stop the start, because callers with keys don't need the issuer.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.AcceptsTokens)
        {
            _ = Read();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="RefusedException">The keys have never been read.</exception>
    public async Task<OpenIdConnectConfiguration> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is null)
        {
            await Read().WaitAsync(cancellationToken);
        }
        else if (_clock.GetUtcNow() >= _known.StaleAt)
        {
            _ = Read();
        }

        return _known?.Document ?? throw new RefusedException(
            ErrorCode.IssuerUnavailable, "The token can't be checked, because its issuer does not answer. Try again later.");
    }

    /// <summary>Reads the keys again, unless that was done a moment ago, for a token that names an unknown key.</summary>
    public async Task<OpenIdConnectConfiguration> GetAgainAsync(CancellationToken cancellationToken)
    {
        await Read(isRepeated: true).WaitAsync(cancellationToken);

        return await GetAsync(cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Callers that arrive meanwhile wait for the same answer.</summary>
    private Task Read(bool isRepeated = false)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            if (_reading.IsCompleted && now >= _pausedUntil)
            {
                _pausedUntil = isRepeated ? now + Pause : _pausedUntil;
                _reading = Task.Run(ReadAsync);
            }

            return _reading;
        }
    }

    private async Task ReadAsync()
    {
        var address = $"{_options.Authority.TrimEnd('/')}/.well-known/openid-configuration";
        try
        {
            var read = await OpenIdConnectConfigurationRetriever.GetAsync(address, _documents, CancellationToken.None);
            if (string.IsNullOrEmpty(read.Issuer) || read.SigningKeys.Count == 0)
            {
                throw new InvalidOperationException("The discovery document has no issuer or no keys.");
            }

            _known = new Known(read, _clock.GetUtcNow() + MaxAge);
            _isFailing = false;
            LogRead(read.SigningKeys.Count, read.Issuer);
        }
        catch (Exception fault)
        {
            lock (_lock)
            {
                _pausedUntil = _clock.GetUtcNow() + Pause;
            }

            if (!_isFailing)
            {
                LogFault(address, fault.GetBaseException().Message.Split('\n')[0]);
            }

            _isFailing = true;
        }
    }

    [LoggerMessage(16005, LogLevel.Information, "Read {Keys} keys of the token issuer {Issuer}", EventName = "TokenIssuerRead")]
    private partial void LogRead(int keys, string issuer);

    [LoggerMessage(
        16006,
        LogLevel.Error,
        "The keys of the token issuer can't be read at {Address}, retrying: {Reason}. Tokens signed with unknown keys are refused",
        EventName = "TokenIssuerFault")]
    private partial void LogFault(string address, string reason);

    private sealed record Known(OpenIdConnectConfiguration Document, DateTimeOffset StaleAt);
}
