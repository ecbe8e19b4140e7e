using ImageResize.Core.Errors;
using Microsoft.Win32.SafeHandles;

namespace ImageResize.Core.Sources.Folder;

/// <summary>
/// Opens files and folders in a folder, and nothing outside it. The check is made on the opened file, not on its name, so that exchanging a
/// link in between has no effect. Paths are relative, separated by <c>/</c>, and must not contain <c>..</c>.
/// </summary>
internal sealed class TrustedFolder
{
    private readonly string _path;
    private readonly string? _closed;

    /// <param name="closed">The name of folders, at any depth and in any case, in which nothing is opened.</param>
    public TrustedFolder(string path, string? closed = null)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _closed = closed is null ? null : $"{Path.DirectorySeparatorChar}{closed}{Path.DirectorySeparatorChar}";
    }

    /// <summary>Whether an opened file or folder is, or is in, this folder: not by its name, but where it really is.</summary>
    public bool Contains(OpenedEntry place)
    {
        try
        {
            return IsInside(place.RealPath);
        }
        catch (RefusedException missing) when (missing.Code == ErrorCode.SourceNotFound)
        {
            return false;
        }
    }

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

    public OpenedEntry OpenFolder(string relative)
    {
        var place = Open(relative);
        if (place.Kind == OpenedKind.Folder)
        {
            return place;
        }

        place.Dispose();
        throw new RefusedException(ErrorCode.SourceNotFound, "The image folder does not exist");
    }

    public OpenedEntry OpenOrCreateFolder(string relative)
    {
        try
        {
            return OpenFolder(relative);
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCode.SourceNotFound)
        {
            return CreateFolder(relative);
        }
    }

    /// <summary>Creates one folder at a time, so that none is created behind a link that leads outside.</summary>
    private OpenedEntry CreateFolder(string relative)
    {
        Directory.CreateDirectory(_path);
        var reached = OpenFolder("");
        foreach (var name in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using var parent = reached;
            Directory.CreateDirectory(Path.Combine(parent.PathOfFolder, name));
            reached = OpenCreated(Path.Combine(parent.PathOfFolder, name));
        }

        return reached;
    }

    /// <summary>The folder was just created, so a failure to open it is a fault and not the error of a caller.</summary>
    private OpenedEntry OpenCreated(string path)
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

    private OpenedEntry Open(string relative) => OpenInside(Path.Combine(_path, relative));

    private OpenedEntry OpenInside(string path)
    {
        var place = OpenedEntry.Open(path);
        if (IsInside(place.RealPath) && !IsClosed(place.RealPath))
        {
            return place;
        }

        place.Dispose();
        throw new RefusedException(ErrorCode.SourceNotAllowed, $"The image path leads outside {FolderPath.Root}");
    }

    private bool IsInside(string real)
    {
        // The root may be a link or be mounted later, so it is resolved each time.
        using var root = OpenedEntry.Open(_path);
        var prefix = Path.TrimEndingDirectorySeparator(root.RealPath);

        return real == prefix || real.StartsWith(prefix + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private bool IsClosed(string real) =>
        _closed is not null && (real + Path.DirectorySeparatorChar).Contains(_closed, StringComparison.OrdinalIgnoreCase);

    private static RefusedException NotAFile() =>
        new(ErrorCode.SourceNotAFile, "The given image path is not a file.");
}
