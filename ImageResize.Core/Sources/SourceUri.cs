using System.Text.Json.Serialization;
using ImageResize.Core.Sources.Names;

namespace ImageResize.Core.Sources;

/// <summary>
/// Names a source by a scheme and a path, for example <c>blob://photos/a.jpg</c>. A path in the images folder has no scheme. The text may
/// contain secrets, so user info, query and fragment are left out wherever a source is shown, unless the scheme is known to have none.
/// </summary>
[JsonConverter(typeof(SourceUriJsonConverter))]
public sealed record SourceUri
{
    private const string Separator = "://";

    /// <summary>Schemes of files and blobs, in whose names <c>?</c>, <c>#</c> and <c>@</c> are ordinary characters.</summary>
    private static readonly string[] PlainSchemes = ["", "blob", "upload"];

    public SourceUri(string scheme, string path)
    {
        Scheme = scheme;
        Path = path;
    }

    /// <summary>As written, without <c>://</c>; empty for a path in the images folder.</summary>
    public string Scheme { get; }

    /// <summary>Whether the source is on a third-party server, which may be slow.</summary>
    public bool IsRemote => !PlainSchemes.Contains(Scheme);

    /// <summary>The kind for metrics, one of few.</summary>
    public string Kind => Scheme switch
    {
        "" => "file",
        "blob" or "upload" => Scheme,
        "http" or "https" => "web",
        _ => "other",
    };

    /// <summary>Everything after the scheme, with user info, query and fragment.</summary>
    public string Path { get; }

    /// <summary>The whole text. It may contain secrets: only to store it, or to open the source.</summary>
    public string Unredacted => Join(Path);

    /// <summary>The text without user info, query and fragment, for replies.</summary>
    public string Redacted => PlainSchemes.Contains(Scheme) ? Unredacted : Join(RedactUrl(Path));

    /// <summary>Splits any text. <see cref="ISource.Normalize"/> decides whether it names a source.</summary>
    public static SourceUri Parse(string text)
    {
        var end = text.IndexOf(Separator, StringComparison.Ordinal);

        return end > 0 && IsScheme(text.AsSpan(0, end))
            ? new SourceUri(text[..end], text[(end + Separator.Length)..])
            : new SourceUri("", text);
    }

    /// <summary>The redacted text on one line, for logs.</summary>
    public override string ToString() => VisibleText.Clean(Redacted);

    private string Join(string path) => Scheme.Length == 0 ? path : Scheme + Separator + path;

    /// <summary>RFC 3986, section 3.1. Anything else before <c>://</c> is part of a path.</summary>
    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return char.IsAsciiLetter(text[0]);
    }

    private static string RedactUrl(string path)
    {
        var end = path.IndexOfAny(['?', '#']);
        var shown = end < 0 ? path : path[..end];
        var slash = shown.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? shown : shown[..slash];

        return shown[(authority.LastIndexOf('@') + 1)..];
    }
}
