namespace ImageResize.Core.Storage;

/// <summary>Says why a folder takes no thumbnail, in words that tell no path.</summary>
internal static class FolderFault
{
    private const int NoSpace = 28, NoQuota = 122, ReadOnly = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>.NET gives Unix's own error numbers as HResult.</summary>
    public static string Explain(Exception fault) => fault switch
    {
        UnauthorizedAccessException => "may not be written: no permission",
        { HResult: NoSpace or NoQuota or WindowsDiskFull } => "is full",
        { HResult: ReadOnly } => "is read-only",
        _ => "cannot be written",
    };
}
