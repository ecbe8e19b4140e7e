using System.Net;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Web;

/// <summary>Checks the status and headers of a response, before the body is read.</summary>
internal static class WebResponseCheck
{
    // Types that say nothing about the content. S3 and Dropbox send the last two for any file.
    private static readonly string[] UnknownTypes = ["", "application/octet-stream", "binary/octet-stream", "application/binary"];

    private const int MaxShownEncoding = 40;

    public static bool IsRedirect(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Whether a second request may succeed.</summary>
    public static bool IsTransient(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <exception cref="RefusedException">The response does not contain a public image.</exception>
    public static void CheckIsImage(HttpResponseMessage answer, int maxBytes)
    {
        CheckStatus(answer.StatusCode);

        if (Header(answer, "Content-Encoding") is not ("" or "identity") and var encoding)
        {
            throw new RefusedException(
                ErrorCode.ContentEncodingNotSupported,
                $"The web server sent the image with {NameOf(encoding)}, which was not requested and is not supported. "
                + "Configure it to send images without Content-Encoding.");
        }

        var type = Header(answer, "Content-Type").Split(';')[0].Trim();

        if (!type.StartsWith("image/", StringComparison.Ordinal) && !UnknownTypes.Contains(type))
        {
            throw NotPublic("Not a public image: the web server sent something else, perhaps a page to log in.");
        }

        if (answer.Content.Headers.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }
    }

    public static RefusedException TooLarge(int maxBytes) =>
        new(ErrorCode.SourceTooLarge, $"The image is larger than {maxBytes} bytes, the limit for web addresses.");

    public static RefusedException NotPublic(string message) => new(ErrorCode.SourceNotPublic, message);

    private static void CheckStatus(HttpStatusCode status)
    {
        switch (status)
        {
            case HttpStatusCode.OK:
                return;
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                throw new RefusedException(ErrorCode.SourceNotFound, $"The web server has no such image ({(int)status}).");
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw NotPublic($"Not a public image: the web server denied access ({(int)status}).");
            default:
                throw NotPublic($"Not a public image: the web server answered {(int)status}.");
        }
    }

    /// <summary>The header comes from a foreign server, and the message is shown to the caller.</summary>
    private static string NameOf(string encoding) => encoding.Length <= MaxShownEncoding && encoding.All(c => c is >= ' ' and <= '~')
        ? $"Content-Encoding {encoding}"
        : "an unusual Content-Encoding";

    /// <summary>In lower case. Several headers of the same name are joined by commas, which is equivalent.</summary>
    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Content.Headers.NonValidated.TryGetValues(name, out var values)
            ? values.ToString().Trim().ToLowerInvariant()
            : "";
}
