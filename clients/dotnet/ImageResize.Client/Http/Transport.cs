using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ImageResize.Client.Http;

/// <summary>
/// Sends requests: adds the key, follows redirects, repeats requests when the service asks for it, and turns errors into exceptions.
/// </summary>
internal sealed class Transport(HttpClient http, ImageResizeClientOptions options)
{
    private const string KeyHeader = "x-functions-key";
    private const int MaxRedirects = 3;

    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(16);

    /// <summary>Relative addresses would replace its last segment without the slash.</summary>
    private readonly Uri _root = new(options.Address.AbsoluteUri.TrimEnd('/') + "/");

    /// <exception cref="ImageResizeException">The service refused the request, failed, or could not be reached.</exception>
    public async Task<T> ReadAsync<T>(ApiRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);

        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException malformed)
        {
            throw new ImageResizeException(
                "unexpected", $"{response.RequestMessage?.RequestUri} did not answer like an ImageResize service.", malformed);
        }
    }

    /// <returns>A successful response.</returns>
    /// <exception cref="ImageResizeException">The service refused the request, failed, or could not be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var (response, failure) = await TrySendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response is not null)
            {
                return response;
            }

            var pause = request.CanRepeat ? PauseAfter(failure!, attempt) : null;
            if (pause is not { } time || Stopwatch.GetElapsedTime(started) + time > options.MaxRetryTime)
            {
                throw failure!;
            }

            await Task.Delay(time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>Any response.</returns>
    /// <exception cref="ImageResizeException">There was no response.</exception>
    public async Task<HttpResponseMessage> SendOnceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var address = new Uri(_root, request.Address);
        var path = address.AbsolutePath;
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var message = request.CreateMessage(address);

                // Another region has the same path. Signed links to storage have other paths, and storage must not see the key.
                if (!string.IsNullOrEmpty(options.Key) && address.AbsolutePath == path)
                {
                    message.Headers.TryAddWithoutValidation(KeyHeader, options.Key);
                }

                var completion = request.IsStreamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
                var response = await http.SendAsync(message, completion, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode != HttpStatusCode.TemporaryRedirect || response.Headers.Location is not { } location
                    || redirects == MaxRedirects)
                {
                    return response;
                }

                response.Dispose();
                address = new Uri(address, location);
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException { InnerException: TimeoutException })
        {
            throw new ImageResizeException(
                ImageResizeException.Unreachable, $"{address.GetLeftPart(UriPartial.Authority)} cannot be reached: {fault.Message}", fault);
        }
    }

    private async Task<(HttpResponseMessage? Response, ImageResizeException? Failure)> TrySendAsync(
        ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await SendOnceAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return (response, null);
            }

            using (response)
            {
                return (null, await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (ImageResizeException unreachable)
        {
            return (null, unreachable);
        }
    }

    /// <returns>Null if repeating the request has no use.</returns>
    private static TimeSpan? PauseAfter(ImageResizeException failure, int attempt)
    {
        var isTemporary = failure.StatusCode is null or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
            || failure.Code == "idempotency_key_in_use";
        var pause = TimeSpan.FromSeconds(Math.Min(1 << Math.Min(attempt, 10), MaxPause.TotalSeconds));

        return isTemporary ? failure.RetryAfter ?? pause : null;
    }
}
