namespace ImageResize.Core.Sources;

/// <summary>A source as it may be shown in answers and logs: a web address without its query, which may hold a key.</summary>
public static class ShownSource
{
    public static string Of(string source)
    {
        var query = source.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? source.IndexOf('?', StringComparison.Ordinal) : -1;

        return query < 0 ? source : source[..query];
    }
}
