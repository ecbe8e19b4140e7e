using System.Globalization;
using System.Text.Unicode;
using System.Web;
using ImageResize.Core.Errors;

namespace ImageResize.Functions.Http.Requests;

/// <summary>
/// Reads query parameters that must be given once and as UTF-8. ASP.NET Core leaves other bytes percent-encoded, which would name a
/// different source.
/// </summary>
internal static class QueryParameters
{
    /// <exception cref="RefusedException">The parameter is given twice, or the query is not UTF-8.</exception>
    public static string? Find(HttpRequest request, string parameter)
    {
        var values = request.Query[parameter];
        if (values.Count > 1)
        {
            throw Refused($"{parameter} is given {values.Count} times. Give it once.");
        }

        return Utf8.IsValid(HttpUtility.UrlDecodeToBytes(request.QueryString.Value)) ? values : throw Refused("The query must be UTF-8.");
    }

    /// <exception cref="RefusedException">
    /// The value contains other characters than digits, or is larger than <paramref name="max"/>.
    /// </exception>
    public static int? FindNumber(HttpRequest request, string parameter, int max)
    {
        if (Find(request, parameter) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw Refused($"{parameter} must be an integer from 0 to {max}.");
    }

    /// <exception cref="RefusedException">The value is neither true nor false.</exception>
    public static bool? FindFlag(HttpRequest request, string parameter) => Find(request, parameter)?.ToLowerInvariant() switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw Refused($"{parameter} must be true or false."),
    };

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidRequest, message);
}
