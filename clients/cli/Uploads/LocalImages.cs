using System.IO.Enumeration;

namespace ImageResize.Cli.Uploads;

/// <summary>An image on this machine.</summary>
/// <param name="Name">Its path within the folder that the user named, with slashes.</param>
internal sealed record LocalImage(string Path, string Name);

/// <summary>Finds images by their extensions.</summary>
internal static class LocalImages
{
    private const int MaxDepth = 32;

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".tga", ".ppm", ".pgm", ".pbm", ".pnm",
    };

    /// <param name="output">A folder that is left out, because it receives thumbnails.</param>
    /// <returns>The images in the order of their names, and the number of other files.</returns>
    public static (List<LocalImage> Images, int Others) In(string folder, bool isRecursive, string? output)
    {
        var root = Path.GetFullPath(folder);
        var excluded = output is null ? null : Path.GetFullPath(output) + Path.DirectorySeparatorChar;
        var images = new List<LocalImage>();
        var others = 0;
        foreach (var path in Enumerate(root, isRecursive))
        {
            if (excluded is not null && path.StartsWith(excluded, StringComparison.Ordinal))
            {
                continue;
            }

            if (Extensions.Contains(Path.GetExtension(path)))
            {
                images.Add(new LocalImage(path, Path.GetRelativePath(root, path).Replace('\\', '/')));
            }
            else
            {
                others++;
            }
        }

        images.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));

        return (images, others);
    }

    /// <summary>Links to folders are not followed, because they can form loops. Links to files are.</summary>
    private static FileSystemEnumerable<string> Enumerate(string root, bool isRecursive)
    {
        var options = new EnumerationOptions
        {
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
            IgnoreInaccessible = false,
            RecurseSubdirectories = isRecursive,
            MaxRecursionDepth = MaxDepth,
        };

        return new FileSystemEnumerable<string>(root, (ref entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
    }
}
