using System.Text;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Folder;

/// <summary>
/// A place under the images folder, as callers spell it: <c>/ImageResize/images/a/b.jpg</c>, or relative to that. Decided from the
/// text alone; what lies behind a link is checked on the opened file.
/// </summary>
public static class FolderPath
{
    /// <summary>How the old program's callers know the images folder, wherever it really lies.</summary>
    public const string Root = "/ImageResize/images";

    /// <summary>Thumbnails live here, under the root, and are never made into thumbnails again.</summary>
    public const string Resized = Root + "/resized";

    private const int MaxBytes = 4_096;
    private const int MaxNameBytes = 255;

    /// <summary>Gives the one spelling: from the root, a slash at the end kept, since only a folder has one.</summary>
    /// <exception cref="RefusedException">Anything that leaves the root, in whatever disguise.</exception>
    public static string Check(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > MaxBytes)
        {
            throw Refused($"The image path is longer than {MaxBytes} bytes");
        }

        if (path.Any(c => char.IsControl(c) || c == '\uFFFD'))
        {
            throw Refused("The image path holds a control character or is not UTF-8");
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            throw Refused("The image path holds a backslash; its separator is /");
        }

        var inside = Inside(path);
        if (inside.Length > 0)
        {
            foreach (var name in (inside.EndsWith('/') ? inside[..^1] : inside).Split('/'))
            {
                CheckName(name);
            }
        }

        return inside.Length == 0 ? Root + "/" : $"{Root}/{inside}";
    }

    /// <summary>Whether a checked path is the root itself.</summary>
    public static bool IsRoot(string path) => path is Root or Root + "/";

    /// <summary>Whether a checked path is, or lies in, the thumbnails' folder.</summary>
    public static bool IsResized(string path) =>
        path == Resized || path.StartsWith(Resized + "/", StringComparison.Ordinal);

    /// <summary>A checked path from behind the root: empty for the root itself.</summary>
    public static string RelativeToRoot(string path) => path.StartsWith(Root + "/", StringComparison.Ordinal) ? path[(Root.Length + 1)..] : path;

    private static string Inside(string path)
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

    private static void CheckName(string name)
    {
        if (name.Length == 0)
        {
            throw Refused("The image path has an empty part");
        }

        if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
        {
            throw Refused($"A name in the image path is longer than {MaxNameBytes} bytes");
        }

        // Once more decoded, and as some servers read "..;": a name that another layer could take for a step upwards.
        // %c0%ae is the overlong UTF-8 form of a dot.
        var meant = Uri.UnescapeDataString(name)
            .Replace("%c0%ae", ".", StringComparison.OrdinalIgnoreCase)
            .Split(';')[0];
        if (meant is "." or ".." || meant.AsSpan().ContainsAny('/', '\\', '\0'))
        {
            throw Outside();
        }
    }

    private static RefusedException Outside() =>
        new(ErrorCode.SourceNotAllowed, $"The image path is outside {Root}");

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidSource, message);
}
