namespace ImageResize.Functions;

/// <summary>Finds the clone that the program was built in.</summary>
internal static class RepositoryRoot
{
    /// <returns>Null when the program was published and runs elsewhere.</returns>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageResize.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
