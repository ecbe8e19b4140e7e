using System.Net;
using System.Text.Json;

namespace ImageResize.Client.Http;

/// <summary>Sends large images to storage, past the service, which gives a secret address for each.</summary>
internal sealed class DirectUpload(Transport transport, HttpClient http)
{
    /// <summary>Larger images are sent to storage.</summary>
    public const long MinBytes = 20_000_000;

    /// <summary>The service itself takes no larger ones.</summary>
    private const long MaxServiceBytes = 104_857_600;

    private const int Attempts = 4;

    private const string StorageFailed = "storage_failed";

    /// <summary>Whether storage could not be reached, as in a network of its own. Then it isn't tried for each image.</summary>
    private volatile bool _isOutOfReach;

    /// <param name="image">Can seek. Read from its position.</param>
    /// <returns>The source; null if the image must be sent to the service.</returns>
    /// <exception cref="ImageResizeException">The service or storage refuses the image.</exception>
    public async Task<string?> TrySendAsync(Stream image, string? name, CancellationToken cancellationToken)
    {
        var start = image.Position;
        var isSmallEnough = image.Length - start <= MaxServiceBytes;
        if (_isOutOfReach && isSmallEnough)
        {
            return null;
        }

        try
        {
            var file = new UploadAddressRequest(name, image.Length - start);
            var body = JsonSerializer.Serialize(file, ClientJson.Default.UploadAddressRequest);
            var request = new ApiRequest(HttpMethod.Post, "v1/uploads") { Content = () => DirectQuery.JsonOf(body) };
            var address = await transport.ReadAsync(request, ClientJson.Default.UploadAddress, cancellationToken).ConfigureAwait(false);
            await SendAsync(address, image, start, cancellationToken).ConfigureAwait(false);

            return address.Source;
        }
        catch (ImageResizeException none) when (isSmallEnough && IsNotOffered(none))
        {
            _isOutOfReach = true;

            return null;
        }
    }

    /// <summary>Earlier versions have no such addresses, others can't sign them, and storage may refuse or not be reachable.</summary>
    private static bool IsNotOffered(ImageResizeException failure) =>
        failure.Code == StorageFailed || failure.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NotImplemented;

    private async Task SendAsync(UploadAddress address, Stream image, long start, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var failure = await TrySendAsync(address, image, start, cancellationToken).ConfigureAwait(false);
            if (failure is null)
            {
                return;
            }

            var isTemporary = failure.StatusCode is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
            if (!isTemporary || attempt == Attempts)
            {
                throw failure;
            }

            await Task.Delay(TimeSpan.FromSeconds(1 << (attempt - 1)), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>Null after a success.</returns>
    private async Task<ImageResizeException?> TrySendAsync(
        UploadAddress address, Stream image, long start, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Put, address.Address) { Content = new ImageContent(image, start) };
        foreach (var (name, value) in address.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);

            return response.IsSuccessStatusCode
                ? null
                : new ImageResizeException(StorageFailed, $"Storage answered {(int)response.StatusCode} to an upload.")
                {
                    StatusCode = response.StatusCode,
                };
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException { InnerException: TimeoutException })
        {
            return new ImageResizeException(
                StorageFailed, $"{address.Address.GetLeftPart(UriPartial.Authority)} cannot be reached: {fault.Message}", fault);
        }
    }
}

/// <summary>The body of a request for an address.</summary>
internal sealed record UploadAddressRequest(string? Name, long Bytes);

/// <summary>Where to send an image.</summary>
internal sealed record UploadAddress(string Source, Uri Address, IReadOnlyDictionary<string, string> Headers);
