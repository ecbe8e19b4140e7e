using System.Text;
using ImageResize.Core.Errors;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Requests;

/// <summary>
/// JSON in letters that we cannot read is refused, and a charset in quotes is read as one without: the platform takes both for faults of
/// ours.
/// </summary>
internal static class JsonCharset
{
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
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
        new(ErrorCode.UnsupportedMediaType, "The body's charset cannot be read; JSON is best sent as UTF-8.");

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
