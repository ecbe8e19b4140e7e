using System.Text;
using ImageResize.Core.Errors;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Refuses JSON in an unknown charset and removes quotes from the charset's name. ASP.NET Core would answer 500 to both.
/// </summary>
internal static class JsonCharset
{
    public static Task NormalizeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.HasJsonContentType()
            && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && HeaderUtilities.RemoveQuotes(type.Charset).Value is { } charset)
        {
            request.ContentType = IsKnown(charset) ? $"{type.MediaType}; charset={charset}" : throw Unknown();
        }

        return next(context);
    }

    private static RefusedException Unknown() =>
        new(ErrorCode.UnsupportedMediaType, "The charset of the body is not supported. Send JSON as UTF-8.");

    private static bool IsKnown(string charset)
    {
        try
        {
            Encoding.GetEncoding(charset);

            return true;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
