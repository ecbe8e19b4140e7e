using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Requests;

/// <summary>Whether a caller takes responses that are compressed with gzip.</summary>
internal static class GzipEncoding
{
    public const string Name = "gzip";

    /// <summary>Tells caches that the response depends on the header.</summary>
    public static bool IsAccepted(HttpContext context)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);

        return context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == Name && encoding.Quality is not 0);
    }
}
