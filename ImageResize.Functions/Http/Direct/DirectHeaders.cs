using System.Globalization;
using System.Text;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs.Direct;
using ImageResize.Core.Sources;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Direct;

/// <summary>The headers that describe the thumbnail of a response.</summary>
internal static class DirectHeaders
{
    public const string Width = "Image-Width";
    public const string Height = "Image-Height";
    public const string SourceWidth = "Source-Width";
    public const string SourceHeight = "Source-Height";

    /// <summary>How the thumbnail differs from what was asked for, for people.</summary>
    public const string Note = "Image-Note";

    /// <summary>W3C Server Timing; durations in milliseconds.</summary>
    public const string ServerTiming = "Server-Timing";

    private const int MaxNameLength = 100;

    /// <param name="source">Null if the request's body was the image.</param>
    public static void Set(HttpResponse response, DirectResult result, SourceUri? source)
    {
        var thumbnail = result.Thumbnail;
        response.Headers[Width] = Number(thumbnail.Width);
        response.Headers[Height] = Number(thumbnail.Height);
        response.Headers[SourceWidth] = Number(result.Source.Width);
        response.Headers[SourceHeight] = Number(result.Source.Height);
        response.Headers[ServerTiming] = $"read;dur={Milliseconds(result.Reading)}, make;dur={Milliseconds(result.Making)}";
        if (thumbnail.Note is { } note)
        {
            response.Headers[Note] = note;
        }

        response.Headers.CacheControl = "private, no-cache";

        var name = $"{NameOf(source)}_{thumbnail.Width}x{thumbnail.Height}{thumbnail.Format.GetExtension()}";
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(name);
        response.Headers.ContentDisposition = disposition.ToString();
    }

    /// <summary>The source's last name without extension and query, with what could mislead people or systems replaced.</summary>
    private static string NameOf(SourceUri? source)
    {
        var path = source?.Path.Split('?', '#')[0].TrimEnd('/') ?? "";
        var stem = Path.GetFileNameWithoutExtension(path[(path.LastIndexOf('/') + 1)..]);
        var name = new StringBuilder();
        foreach (var rune in stem.EnumerateRunes().Take(MaxNameLength))
        {
            name.Append(Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '.' ? rune.ToString() : "_");
        }

        return name.Length == 0 ? "image" : name.ToString();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
