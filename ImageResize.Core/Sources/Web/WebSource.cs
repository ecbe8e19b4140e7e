using System.Net.Http.Headers;
using System.Net.Security;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Web.Network;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Web;

/// <summary>Images at public http(s) addresses. Neither an address, a redirect nor a DNS entry can lead to an internal host.</summary>
internal sealed partial class WebSource : ISource, IDisposable
{
    private const int MaxAttempts = 2;

    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(500);

    private readonly WebSourceOptions _options;
    private readonly WebAddressRules _rules;
    private readonly HttpMessageInvoker _http;
    private readonly HostConnections _connections;
    private readonly ThumbnailOptions _thumbnails;
    private readonly TimeProvider _clock;
    private readonly ILogger<WebSource> _logger;

    public WebSource(
        IOptions<WebSourceOptions> options,
        IAddressPolicy policy,
        IResolver resolver,
        IOptions<ThumbnailOptions> thumbnails,
        TimeProvider clock,
        ILogger<WebSource> logger)
    {
        var handler = WebHandler.Create(new PublicConnector(policy, resolver), TimeSpan.FromSeconds(options.Value.IdleTimeoutSeconds));

        _options = options.Value;
        _rules = new WebAddressRules(_options, policy);
        _http = new HttpMessageInvoker(handler);
        _connections = new HostConnections(options.Value.ConnectionsPerHost, clock);
        _thumbnails = thumbnails.Value;
        _clock = clock;
        _logger = logger;
        Tls = handler.SslOptions;
    }

    /// <summary>Lets tests trust their own certificates.</summary>
    internal SslClientAuthenticationOptions Tls { get; }

    public string Form => "http://, https://";

    public bool CanHandle(SourceUri source) =>
        source.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase)
        || source.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);

    public SourceUri Normalize(SourceUri source) => SourceUri.Parse(_rules.Read(source.Unredacted).AbsoluteUri);

    public SourceUri PlaceThumbnail(SourceUri source, ThumbnailName name) =>
        _thumbnails.PlaceForCaller("web/" + WebThumbnails.PathOf(source, name));

    public async Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken)
    {
        var address = ShareLinks.Direct(_rules.Read(source.Unredacted));
        var limit = new TimeLimit(
            TimeSpan.FromSeconds(_options.TimeoutSeconds),
            TimeSpan.FromSeconds(_options.IdleTimeoutSeconds),
            _clock);

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FetchAsync(address, limit, cancellationToken);
            }
            catch (Exception failure) when (failure is HttpRequestException or TimeoutException)
            {
                LogNoImage(address.Host, attempt, Reason(failure));

                if (attempt == MaxAttempts)
                {
                    throw new RefusedException(ErrorCode.SourceUnreachable, $"No image after {MaxAttempts} attempts: {Reason(failure)}.");
                }
            }

            await Task.Delay(PauseBetweenAttempts, _clock, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Stream> FetchAsync(Uri address, TimeLimit limit, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= _options.MaxRedirects; redirects++)
        {
            IDisposable? connection = await _connections.TakeAsync(address.Host, limit, cancellationToken);
            try
            {
                var answer = await AskAsync(address, limit, cancellationToken);
                if (!WebResponseCheck.IsRedirect(answer))
                {
                    var image = await ReadAsync(answer, connection, limit, cancellationToken);
                    connection = null;

                    return image;
                }

                using (answer)
                {
                    address = Next(address, answer);
                }
            }
            finally
            {
                connection?.Dispose();
            }
        }

        throw new RefusedException(
            ErrorCode.SourceUnreachable,
            $"The web address redirects more than {_options.MaxRedirects} times.");
    }

    private async Task<HttpResponseMessage> AskAsync(Uri address, TimeLimit limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/*"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ImageResize", "1.0"));

        try
        {
            return await limit.WaitAsync(token => _http.SendAsync(request, token), cancellationToken);
        }
        catch (HttpRequestException failure) when (failure.InnerException is RefusedException refusal)
        {
            throw refusal;
        }
    }

    private Uri Next(Uri address, HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("Location", out var locations) && locations.Count == 1
            ? _rules.Follow(address, locations.ToString())
            : throw new RefusedException(ErrorCode.SourceUnreachable, "The web address redirects without a single target address.");

    /// <returns>The image, which closes the connection.</returns>
    private async Task<Stream> ReadAsync(
        HttpResponseMessage answer, IDisposable connection, TimeLimit limit, CancellationToken cancellationToken)
    {
        try
        {
            if (WebResponseCheck.IsTransient(answer))
            {
                throw new HttpRequestException(message: null, inner: null, answer.StatusCode);
            }

            WebResponseCheck.CheckIsImage(answer, _options.MaxBytes);
            var body = await answer.Content.ReadAsStreamAsync(cancellationToken);

            return new WebStream(answer, body, connection, _options.MaxBytes, limit);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Not the message of the exception, because it contains addresses.</summary>
    private static string Reason(Exception failure) => failure switch
    {
        TimeoutException => "the web server did not answer in time",
        HttpRequestException { StatusCode: { } status } => $"the web server answered {(int)status}",
        _ => "the host was not found, refused the connection or did not answer properly",
    };

    [LoggerMessage(6005, LogLevel.Debug, "Host {Host} returned no image on attempt {Attempt}: {Reason}", EventName = "WebSourceNoImage")]
    private partial void LogNoImage(string host, int attempt, string reason);
}
