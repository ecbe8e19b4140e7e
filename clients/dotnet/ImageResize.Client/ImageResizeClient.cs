using System.Globalization;
using ImageResize.Client.Http;

namespace ImageResize.Client;

/// <summary>
/// Calls an ImageResize service. Requests are repeated after 429, 503 and network faults. All methods throw
/// <see cref="ImageResizeException"/> if the service refuses the request, fails, or cannot be reached. Thread-safe.
/// </summary>
public sealed partial class ImageResizeClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly Transport _transport;
    private readonly DirectUpload _direct;
    private readonly HttpClient? _owned;

    /// <summary>How long a request may take, which is long enough for the largest image on a slow connection.</summary>
    public static TimeSpan RequestTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Creates a client with connections of its own. Create one and keep it.</summary>
    public ImageResizeClient(ImageResizeClientOptions options)
        : this(new HttpClient(CreateHandler()) { Timeout = RequestTimeout }, options, isOwner: true)
    {
    }

    /// <summary>Creates a client that uses connections of the caller.</summary>
    /// <param name="http">
    /// Not disposed with the client. Its handler must not follow redirects (see <see cref="CreateHandler"/>), because it would send the
    /// key to storage.
    /// </param>
    /// <param name="options">Where the service is.</param>
    public ImageResizeClient(HttpClient http, ImageResizeClientOptions options)
        : this(http, options, isOwner: false)
    {
    }

    private ImageResizeClient(HttpClient http, ImageResizeClientOptions options, bool isOwner)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        _transport = new Transport(http, options);
        _direct = new DirectUpload(_transport, http);
        _owned = isOwner ? http : null;
    }

    /// <summary>Creates the handler that the client needs.</summary>
    public static HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // The service closes idle connections after 20 seconds.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
    };

    /// <summary>Reads what the containers and folders that process themselves have found and done.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<IReadOnlyList<WatchedSource>> GetWatchesAsync(CancellationToken cancellationToken = default) =>
        (await _transport.ReadAsync(ApiRequest.Get("v1/watches"), ClientJson.Default.WatchPage, cancellationToken).ConfigureAwait(false))
            .Watches;

    /// <summary>Reads the state of the service once, whether it's ready or not.</summary>
    public async Task<ServiceHealth> GetHealthAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendOnceAsync(ApiRequest.Get("health/ready"), cancellationToken).ConfigureAwait(false);

        return await Transport.ReadAsync(response, ClientJson.Default.ServiceHealth, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the size of an image that the service can read.</summary>
    public Task<ImageSize> MeasureAsync(string source, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(
            Post("v1/measure", () => DirectQuery.BodyOf(source)), ClientJson.Default.ImageSize, cancellationToken);

    /// <summary>Reads the size of an image.</summary>
    /// <param name="image">Read from its position. Requests can be repeated only if it can seek.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<ImageSize> MeasureAsync(Stream image, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(PostImage("v1/measure", image), ClientJson.Default.ImageSize, cancellationToken);

    /// <summary>Makes a thumbnail of an image that the service can read. Nothing is stored.</summary>
    public Task<Thumbnail> MakeThumbnailAsync(string source, ThumbnailOptions options, CancellationToken cancellationToken = default) =>
        ReadThumbnailAsync(Post("v1/thumbnails", () => DirectQuery.BodyOf(source, options)), cancellationToken);

    /// <summary>Makes a thumbnail of an image. Nothing is stored.</summary>
    /// <param name="image">Read from its position. Requests can be repeated only if it can seek.</param>
    /// <param name="options">How the thumbnail is made.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Thumbnail> MakeThumbnailAsync(Stream image, ThumbnailOptions options, CancellationToken cancellationToken = default) =>
        ReadThumbnailAsync(PostImage("v1/thumbnails" + DirectQuery.OfOptions(options), image), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();

    private async Task<Thumbnail> ReadThumbnailAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);

        var type = response.Content.Headers.ContentType?.MediaType ?? "";

        return new Thumbnail(bytes, type, NumberOf(response, "Image-Width"), NumberOf(response, "Image-Height"))
        {
            Note = FindHeader(response, "Image-Note"),
        };
    }

    private async Task CopyAsync(string address, Stream destination, CancellationToken cancellationToken)
    {
        var request = ApiRequest.Get(address) with { IsStreamed = true };
        using var response = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            await response.Content.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException broken)
        {
            throw new ImageResizeException(ImageResizeException.Unreachable, $"The connection was lost: {broken.Message}", broken);
        }
    }

    private static ApiRequest Post(string address, Func<HttpContent>? content) => new(HttpMethod.Post, address) { Content = content };

    /// <param name="idempotencyKey">A new one if null, so that a repeated request does not do the work twice.</param>
    private static ApiRequest PostOnce(string address, Func<HttpContent>? content, string? idempotencyKey) =>
        Post(address, content) with { IdempotencyKey = idempotencyKey ?? Guid.NewGuid().ToString() };

    private static ApiRequest PostImage(string address, Stream image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var start = image.CanSeek ? image.Position : 0;

        return Post(address, () => new ImageContent(image, start)) with { CanRepeat = image.CanSeek };
    }

    private static int NumberOf(HttpResponseMessage response, string header) =>
        int.TryParse(FindHeader(response, header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? FindHeader(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
