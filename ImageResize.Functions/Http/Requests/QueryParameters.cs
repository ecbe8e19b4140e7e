using System.Globalization;
using System.Text.Unicode;
using System.Web;
using ImageResize.Core.Errors;

namespace ImageResize.Functions.Http;

/// <summary>Reads parameters of the query: given once, and UTF-8. What is not, the platform leaves as it was escaped, which names something else.</summary>
internal static class QueryText
{
    /// <exception cref="RefusedException">It is given twice, or the query is not UTF-8.</exception>
    public static string? Find(HttpRequest request, string parameter)
    {
        var values = request.Query[parameter];
        if (values.Count > 1)
        {
            throw Refused($"{parameter} is given {values.Count} times");
        }

        return Utf8.IsValid(HttpUtility.UrlDecodeToBytes(request.QueryString.Value)) ? values : throw Refused("The query is not UTF-8");
    }

    /// <exception cref="RefusedException">It is not plain digits, or more than <paramref name="most"/>.</exception>
    public static int? FindNumber(HttpRequest request, string parameter, int most)
    {
        if (Find(request, parameter) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw Refused($"{parameter} is a whole number from 0 to {most}");
    }

    private static RefusedException Refused(string message) =>
        new(ErrorCode.InvalidRequest, message);
}
