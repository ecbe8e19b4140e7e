namespace ImageResize.Core.Sources;

/// <summary>A source as it may be shown in answers and logs: a web address without its query, which may hold a key.</summary>
public static class ShownSource
{
    public static string Of(string source)
    {
        var query = source.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? source.IndexOf('?', StringComparison.Ordinal) : -1;

        return query < 0 ? source : source[..query];
    }

    /// <summary>On one line, whatever the names of files hold.</summary>
    public static string InLog(string source)
    {
        var shown = Of(source);

        return shown.Any(char.IsControl) ? new string([.. shown.Select(letter => char.IsControl(letter) ? '?' : letter)]) : shown;
    }
}
