using System.Net;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Web;

/// <summary>What an answer's status and headers say about an image, before a byte of it is read.</summary>
internal static class WebAnswer
{
    // The last three say nothing about the bytes; S3 and Dropbox send the last two for any file.
    private static readonly string[] UnknownTypes = ["", "application/octet-stream", "binary/octet-stream", "application/binary"];

    public static bool IsRedirect(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>The server is busy or broken and may answer well the next time.</summary>
    public static bool IsPassing(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <exception cref="RefusedException">This answer holds no image for us.</exception>
    public static void CheckIsImage(HttpResponseMessage answer, int maxBytes)
    {
        CheckStatus(answer.StatusCode);

        if (Header(answer, "Content-Encoding") is not ("" or "identity"))
        {
            throw NotPublic("The web server sent the image compressed, which it was not asked to.");
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
        new(ErrorCode.SourceTooLarge, $"The image has more than {maxBytes} bytes, the most that is read from a web address.");

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
                throw NotPublic($"Not a public image: the web server does not give it to everyone ({(int)status}).");
            default:
                throw NotPublic($"Not a public image: the web server answered {(int)status}.");
        }
    }

    /// <summary>In lower case; several of one name joined by commas, as they mean the same.</summary>
    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Content.Headers.NonValidated.TryGetValues(name, out var values)
            ? values.ToString().Trim().ToLowerInvariant()
            : "";
}
