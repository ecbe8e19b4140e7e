namespace ImageResize.Functions.Hosting;

/// <summary>The folder of ImageResize.sln, if the application runs from a clone.</summary>
internal static class RepositoryRoot
{
    /// <returns>Null if the application was published.</returns>
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
