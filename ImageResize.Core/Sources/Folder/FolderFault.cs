namespace ImageResize.Core.Sources.Folder;

/// <summary>Explains why a folder cannot be written, without naming its path.</summary>
public static class FolderFault
{
    private const int NoSpace = 28, NoQuota = 122, ReadOnly = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether a disk has no room.</summary>
    public static bool IsFull(Exception fault) => fault is IOException { HResult: NoSpace or NoQuota or WindowsDiskFull };

    /// <summary>On Unix, .NET puts the error number (errno) into HResult.</summary>
    public static string Explain(Exception fault) => fault switch
    {
        UnauthorizedAccessException => "may not be written: no permission",
        _ when IsFull(fault) => "is full",
        { HResult: ReadOnly } => "is read-only",
        _ => "cannot be written",
    };
}
