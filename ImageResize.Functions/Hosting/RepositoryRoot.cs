namespace ImageResize.Functions;

/// <summary>The folder of ImageResize.sln, when the program runs from a checkout.</summary>
internal static class RepositoryRoot
{
    /// <summary>Null where the program was published to, for there is no source around it.</summary>
    public static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ImageResize.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
