using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Core.Sources.Folder;

/// <summary>
/// A path in the images folder as callers write it: <c>/ImageResize/images/a/b.jpg</c>, or relative to that. Only the text is checked here;
/// symbolic links are checked on the opened file.
/// </summary>
public static class FolderPath
{
    public const string Root = SourcesOptions.ImagesPath;
    public const string Resized = SourcesOptions.ResizedPath;

    private const string Recursive = "/**";
    private const int MaxBytes = 4_096;
    private const int MaxNameBytes = 255;

    /// <summary>Returns the absolute form. A slash at the end is kept, because only a folder has one.</summary>
    /// <exception cref="RefusedException">The path is malformed or leaves the images folder, in any encoding.</exception>
    public static string Normalize(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > MaxBytes)
        {
            throw Refused($"The image path is longer than {MaxBytes} bytes");
        }

        if (path.Any(c => char.IsControl(c) || c == '\uFFFD'))
        {
            throw Refused("The image path contains a control character or is not UTF-8");
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            throw Refused("The image path contains a backslash; its separator is /");
        }

        var relative = Collapse(MakeRelative(path));
        if (relative.Length > 0)
        {
            foreach (var name in (relative.EndsWith('/') ? relative[..^1] : relative).Split('/'))
            {
                CheckName(name);
            }
        }

        return $"{Root}/{relative}";
    }

    /// <summary>Whether a normalized path is the images folder itself.</summary>
    public static bool IsRoot(string path) => path is Root or Root + "/";

    /// <summary>Whether a normalized path is, or is in, the folder for thumbnails.</summary>
    public static bool IsResized(string path) =>
        path == Resized || path.StartsWith(Resized + "/", StringComparison.Ordinal);

    /// <summary>Whether a normalized path is a folder with all its subfolders.</summary>
    public static bool IsRecursive(string path) => path.EndsWith(Recursive, StringComparison.Ordinal);

    /// <summary>The folder of a normalized path: without the stars if it includes subfolders, and with a slash at its end.</summary>
    public static string FolderOf(string path) => IsRecursive(path) ? path[..^(Recursive.Length - 1)] : path.TrimEnd('/') + "/";

    /// <summary>Removes the root from a normalized path. Empty for the root itself.</summary>
    public static string RelativeToRoot(string path) =>
        path.StartsWith(Root + "/", StringComparison.Ordinal) ? path[(Root.Length + 1)..] : path;

    private static string MakeRelative(string path)
    {
        if (path == Root)
        {
            return "";
        }

        if (path.StartsWith(Root + "/", StringComparison.Ordinal))
        {
            return path[(Root.Length + 1)..];
        }

        return path.StartsWith('/') ? throw Outside() : path;
    }

    /// <summary>Removes empty parts and single dots, which stand for the folder itself. A slash at the end is kept.</summary>
    private static string Collapse(string relative)
    {
        var kept = string.Join('/', relative.Split('/').Where(name => name is not ("" or ".")));

        return kept.Length > 0 && (relative.EndsWith('/') || relative.EndsWith("/.", StringComparison.Ordinal)) ? kept + '/' : kept;
    }

    private static void CheckName(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
        {
            throw Refused($"A name in the image path is longer than {MaxNameBytes} bytes");
        }

        if (name.Equals(ThumbnailOptions.Callers, StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(
                ErrorCode.SourceNotAllowed,
                $"Nothing in a folder {ThumbnailOptions.Callers} is a source: it contains the thumbnails of uploads and web images");
        }

        // Checked in decoded form and up to a semicolon ("..;"), as some servers read it: another layer could take the name for "..".
        // %c0%ae is the overlong UTF-8 form of a dot.
        var decoded = Uri.UnescapeDataString(name)
            .Replace("%c0%ae", ".", StringComparison.OrdinalIgnoreCase)
            .Split(';')[0];
        if (decoded is "." or ".." || decoded.AsSpan().ContainsAny('/', '\\', '\0'))
        {
            throw Outside();
        }
    }

    private static RefusedException Outside() =>
        new(ErrorCode.SourceNotAllowed, $"The image path is outside {Root}");

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidSource, message);
}
