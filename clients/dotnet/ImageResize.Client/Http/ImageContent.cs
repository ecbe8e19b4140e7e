using System.Net;
using System.Net.Http.Headers;

namespace ImageResize.Client.Http;

/// <summary>A body that is a stream of the caller's. Unlike <see cref="StreamContent"/>, it starts again when it is sent again.</summary>
internal sealed class ImageContent : HttpContent
{
    private readonly Stream _image;
    private readonly long _start;

    /// <param name="start">The position where the image starts. Ignored if the stream cannot seek.</param>
    public ImageContent(Stream image, long start)
    {
        (_image, _start) = (image, start);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_image.CanSeek)
        {
            _image.Position = _start;
        }

        return _image.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _image.CanSeek ? _image.Length - _start : 0;

        return _image.CanSeek;
    }
}
