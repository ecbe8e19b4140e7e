namespace ImageResize.Functions;

/// <summary>Finds the folder that callers know as <c>/ImageResize/images</c>.</summary>
internal static class ImagesFolder
{
    private const string Mounted = "/ImageResize/images";

    /// <param name="setting">Relative to the program; empty takes the repository's <c>images/</c> when run from a clone, else the usual mount.</param>
    public static string Find(string setting)
    {
        if (setting.Length > 0)
        {
            return Path.GetFullPath(setting, AppContext.BaseDirectory);
        }

        return RepositoryRoot.Find() is { } root ? Path.Combine(root, "images") : Mounted;
    }
}
