using System.Runtime.CompilerServices;
using ImageResize.Client.Http;

namespace ImageResize.Client;

/// <content>Uploaded images.</content>
public sealed partial class ImageResizeClient
{
    /// <summary>Uploads an image. Its source can be used in jobs and batches until it expires.</summary>
    /// <param name="image">Read from its position. Requests can be repeated only if it can seek.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Upload> UploadAsync(Stream image, CancellationToken cancellationToken = default) =>
        UploadAsync(image, name: null, cancellationToken);

    /// <summary>
    /// Uploads an image with the name of its file, which its jobs and their thumbnails in archives have. An image of more than 20 MB is
    /// sent to the service's storage directly, if that can be reached.
    /// </summary>
    /// <param name="image">Read from its position. Requests can be repeated, and storage can be used, only if it can seek.</param>
    /// <param name="name">Without folders.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<Upload> UploadAsync(Stream image, string? name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        var start = image.CanSeek ? image.Position : 0;
        if (image.CanSeek && image.Length - start > DirectUpload.MinBytes
            && await _direct.TrySendAsync(image, name, cancellationToken).ConfigureAwait(false) is { } source)
        {
            return await _transport.ReadAsync(UploadRequest(source), ClientJson.Default.Upload, cancellationToken).ConfigureAwait(false);
        }

        if (image.CanSeek)
        {
            image.Position = start;
        }

        var query = name is null ? "" : $"?name={Uri.EscapeDataString(name)}";
        var request = PostImage("v1/images" + query, image);

        return await _transport.ReadAsync(request, ClientJson.Default.Upload, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the description of an uploaded image.</summary>
    /// <param name="source">Its source, <c>upload://...</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>Null if it does not exist or has expired.</returns>
    public async Task<Upload?> FindUploadAsync(string source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            return await _transport.ReadAsync(UploadRequest(source), ClientJson.Default.Upload, cancellationToken).ConfigureAwait(false);
        }
        catch (ImageResizeException refusal) when (refusal.Code is "upload_not_found" or "upload_expired")
        {
            return null;
        }
    }

    /// <summary>Lists uploads of this caller, the newest first, a page at a time.</summary>
    /// <param name="name">Only uploads whose name contains this text. All by default.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async IAsyncEnumerable<Upload> ListUploadsAsync(
        string? name = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = name is null ? "" : $"?name={Uri.EscapeDataString(name)}";
        for (var address = $"v1/images{filter}"; address is not null;)
        {
            var page = await _transport.ReadAsync(
                ApiRequest.Get(address), ClientJson.Default.UploadPage, cancellationToken).ConfigureAwait(false);
            foreach (var upload in page.Value)
            {
                yield return upload;
            }

            address = page.NextLink?.TrimStart('/');
        }
    }

    private static ApiRequest UploadRequest(string source)
    {
        var id = source.StartsWith(Upload.Scheme, StringComparison.Ordinal) ? source[Upload.Scheme.Length..] : source;

        return ApiRequest.Get($"v1/images/{Uri.EscapeDataString(id)}");
    }
}
