namespace ImageResize.Cli.Results;

/// <summary>The names of files that receive thumbnails.</summary>
internal static class ThumbnailNames
{
    private const string ServiceFolder = "/ImageResize/images/";

    private static readonly char[] Invalid = [.. Path.GetInvalidFileNameChars(), .. "<>:\"|?*\\"];

    /// <summary>
    /// Returns a relative path for a source: its path, without query and without names that would leave the folder.
    /// </summary>
    public static string Of(string source)
    {
        var path = source.StartsWith(ServiceFolder, StringComparison.Ordinal) ? source[ServiceFolder.Length..] : source;
        var start = path.IndexOf("://", StringComparison.Ordinal);
        if (start >= 0)
        {
            path = path[(start + 3)..];
        }

        if (source.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            path = path.Split('?', '#')[0];
        }

        var segments = path.Split('/').Where(segment => segment is not ("" or "." or ".."))
            .Select(segment => string.Concat(segment.Select(letter => Invalid.Contains(letter) ? '_' : letter)));
        var name = string.Join('/', segments);

        return name.Length == 0 ? "image" : name;
    }

    /// <summary>
    /// The name of an image with the extension of its thumbnail's format. That is appended, because <c>a.png</c> and <c>a.jpg</c> can be in
    /// one folder.
    /// </summary>
    /// <param name="number">The number of the thumbnail, from 0, if there are several.</param>
    public static string Of(string name, string format, int? number)
    {
        var extension = Path.GetExtension(name);
        var stem = name[..^extension.Length];
        var numbered = number is null ? stem : $"{stem}-{number + 1}";
        var wanted = ExtensionOf(extension, format);

        return wanted == extension ? numbered + extension : numbered + extension + wanted;
    }

    /// <summary>Returns the given extension if it is one of the format.</summary>
    public static string ExtensionOf(string extension, string format)
    {
        string[] extensions = format switch
        {
            "jpeg" => [".jpg", ".jpeg", ".jpe", ".jfif"],
            "tiff" => [".tif", ".tiff"],
            "pnm" or "x-portable-anymap" => [".ppm", ".pgm", ".pbm", ".pnm"],
            "x-tga" or "x-targa" => [".tga"],
            _ => ["." + format],
        };

        return extensions.Contains(extension, StringComparer.OrdinalIgnoreCase) ? extension : extensions[0];
    }
}
