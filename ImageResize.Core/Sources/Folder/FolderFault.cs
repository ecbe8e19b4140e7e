namespace ImageResize.Core.Sources.Folder;

/// <summary>Explains why a folder cannot be written, without naming its path.</summary>
internal static class FolderFault
{
    private const int NoSpace = 28, NoQuota = 122, ReadOnly = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>On Unix, .NET puts the error number (errno) into HResult.</summary>
    public static string Explain(Exception fault) => fault switch
    {
        UnauthorizedAccessException => "may not be written: no permission",
        { HResult: NoSpace or NoQuota or WindowsDiskFull } => "is full",
        { HResult: ReadOnly } => "is read-only",
        _ => "cannot be written",
    };
}
