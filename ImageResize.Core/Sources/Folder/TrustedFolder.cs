using ImageResize.Core.Errors;

using Microsoft.Win32.SafeHandles;

namespace ImageResize.Core.Sources.Folder;

/// <summary>
/// A folder of which nothing outside is ever read or written. Checked on what was opened, not on its name, so that a link
/// swapped in between gains nothing. Paths inside are relative, with / between names, and hold no step upwards.
/// </summary>
internal sealed class TrustedFolder
{
    private readonly string _path;

    public TrustedFolder(string path) => _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    public SourceKind FindKind(string relative)
    {
        try
        {
            using var place = Open(relative);

            return place.Kind switch
            {
                OpenedKind.Folder => SourceKind.Folder,
                OpenedKind.File => relative.EndsWith('/') ? SourceKind.Missing : SourceKind.File,
                _ => throw NotAFile(),
            };
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCode.SourceNotFound)
        {
            return SourceKind.Missing;
        }
    }

    public SafeFileHandle OpenFile(string relative)
    {
        var place = Open(relative);
        if (place.Kind == OpenedKind.File)
        {
            return place.Handle;
        }

        place.Dispose();
        throw NotAFile();
    }

    public OpenedPlace OpenFolder(string relative)
    {
        var place = Open(relative);
        if (place.Kind == OpenedKind.Folder)
        {
            return place;
        }

        place.Dispose();
        throw new RefusedException(ErrorCode.SourceNotFound, "The image folder does not exist");
    }

    public OpenedPlace OpenOrMakeFolder(string relative)
    {
        try
        {
            return OpenFolder(relative);
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCode.SourceNotFound)
        {
            return MakeFolder(relative);
        }
    }

    /// <summary>Name by name: no folder is made on the other side of a link that leads outside.</summary>
    private OpenedPlace MakeFolder(string relative)
    {
        Directory.CreateDirectory(_path);
        var reached = OpenFolder("");
        foreach (var name in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using var parent = reached;
            Directory.CreateDirectory(Path.Combine(parent.PathOfFolder, name));
            reached = OpenMade(Path.Combine(parent.PathOfFolder, name));
        }

        return reached;
    }

    /// <summary>It was made or found a moment ago, so that it cannot be opened is no matter of a caller's.</summary>
    private OpenedPlace OpenMade(string path)
    {
        try
        {
            return OpenInside(path);
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCode.SourceNotFound)
        {
            throw new IOException(refusal.Message, refusal);
        }
    }

    private OpenedPlace Open(string relative) => OpenInside(Path.Combine(_path, relative));

    private OpenedPlace OpenInside(string path)
    {
        var place = OpenedPlace.Open(path);
        if (IsInside(place.RealPath))
        {
            return place;
        }

        place.Dispose();
        throw new RefusedException(ErrorCode.SourceNotAllowed, $"The image path leads outside {FolderPath.Root}");
    }

    private bool IsInside(string real)
    {
        // The root itself may be reached through a link, and be mounted late: so it is looked up each time.
        using var root = OpenedPlace.Open(_path);
        var prefix = Path.TrimEndingDirectorySeparator(root.RealPath);

        return real == prefix || real.StartsWith(prefix + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static RefusedException NotAFile() =>
        new(ErrorCode.SourceNotAFile, "The given image path is not a file.");
}
