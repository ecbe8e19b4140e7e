using System.IO.Enumeration;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Core.Sources.Folder;

/// <summary>Lists the names of a folder's files, with or without those of its subfolders.</summary>
internal static class FolderNames
{
    private const string Resized = "resized";

    /// <summary>By default, .NET leaves out files with the attributes hidden or system, which are images on Windows.</summary>
    private static readonly EnumerationOptions Direct = new() { AttributesToSkip = 0 };

    private static readonly EnumerationOptions WithSubfolders = new() { AttributesToSkip = 0, RecurseSubdirectories = true };

    /// <summary>Programs that write a file write more often than this.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(300);

    /// <param name="path">Of the folder. Files that are found there are only opened by their names, with all checks.</param>
    /// <param name="isRecursive">Whether files of subfolders are listed. Hidden folders and links to folders are left out.</param>
    /// <param name="isRoot">Whether it is the images folder, whose thumbnails are left out.</param>
    /// <param name="after">Lists only names after this one.</param>
    /// <returns>Paths relative to the folder, sorted: a listing that continues later, or runs twice, numbers the files alike.</returns>
    public static List<string> List(string path, bool isRecursive, bool isRoot, string? after)
    {
        var files = new FileSystemEnumerable<string>(path, NameOf, isRecursive ? WithSubfolders : Direct)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref entry) => IsListed(ref entry) && !(isRoot && IsResized(ref entry)),
        };

        List<string> names = [.. files.Where(name => after is null || string.CompareOrdinal(name, after) > 0)];
        names.Sort(StringComparer.Ordinal);

        return names;
    }

    /// <summary>
    /// Lists the images of a folder with their versions, in the order of the file system. A file that was changed a moment ago may still be
    /// written, so it is left out. A time in the future is that of another machine's clock.
    /// </summary>
    public static List<(string Name, string Version)> ListVersions(
        string path, bool isRecursive, bool isRoot, ImageFileFilter filter, DateTimeOffset now)
    {
        var files = new FileSystemEnumerable<(string Name, string Version)>(
            path,
            (ref entry) => (NameOf(ref entry), VersionOf(entry.LastWriteTimeUtc.UtcDateTime, entry.Length)),
            isRecursive ? WithSubfolders : Direct)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && filter.CheckName(entry.FileName, contentType: null) is null
                && !(entry.LastWriteTimeUtc <= now && now - entry.LastWriteTimeUtc < SettlingTime),
            ShouldRecursePredicate = (ref entry) => IsListed(ref entry) && !(isRoot && IsResized(ref entry)),
        };

        return [.. files];
    }

    public static string VersionOf(DateTime lastWriteTimeUtc, long length) => $"{lastWriteTimeUtc.Ticks:x}-{length:x}";

    /// <summary>Relative to the folder, with the separator of callers.</summary>
    private static string NameOf(ref FileSystemEntry entry)
    {
        var folders = entry.Directory[entry.RootDirectory.Length..].Trim(Path.DirectorySeparatorChar);

        return folders.IsEmpty
            ? entry.FileName.ToString()
            : $"{folders.ToString().Replace(Path.DirectorySeparatorChar, '/')}/{entry.FileName}";
    }

    private static bool IsListed(ref FileSystemEntry entry) =>
        !entry.Attributes.HasFlag(FileAttributes.ReparsePoint)
        && entry.FileName is not ['.', ..]
        && !entry.FileName.Equals(ThumbnailOptions.Callers, StringComparison.OrdinalIgnoreCase);

    private static bool IsResized(ref FileSystemEntry entry) =>
        entry.Directory.Length == entry.RootDirectory.Length && entry.FileName.SequenceEqual(Resized);
}
