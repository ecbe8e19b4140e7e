using ImageResize.Core.Sources;
using ImageResize.Functions.Http.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Limits request bodies inside a function, in place of Kestrel. A request that Kestrel itself cuts off is retried by the Functions host
/// for seconds and ends as an empty 500. Routing sets the limit of the endpoint, as it does with Kestrel's.
/// </summary>
internal sealed class RequestBodyLimit : IHttpMaxRequestBodySizeFeature
{
    public bool IsReadOnly => false;

    public long? MaxRequestBodySize { get; set; } = RequestSizeLimit.DefaultBytes;

    public static Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        var limit = new RequestBodyLimit();
        context.Features.Set<IHttpMaxRequestBodySizeFeature>(limit);
        context.Request.Body = new LimitedBody(context.Request, limit);

        return next(context);
    }

    private sealed class LimitedBody(HttpRequest request, RequestBodyLimit limit) : ForwardOnlyStream
    {
        private readonly Stream _body = request.Body;
        private long _bytes;

        /// <exception cref="BadHttpRequestException">The body is larger than the limit, by its Content-Length or as it's read.</exception>
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Check(request.ContentLength ?? 0);
            var read = await _body.ReadAsync(buffer, cancellationToken);
            _bytes += read;
            Check(_bytes);

            return read;
        }

        private void Check(long bytes)
        {
            if (bytes > limit.MaxRequestBodySize)
            {
                // The text of Kestrel's own exception.
                throw new BadHttpRequestException(
                    $"Request body too large. The max request body size is {limit.MaxRequestBodySize} bytes.",
                    StatusCodes.Status413PayloadTooLarge);
            }
        }
    }
}
