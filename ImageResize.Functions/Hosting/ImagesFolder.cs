namespace ImageResize.Functions.Hosting;

/// <summary>Finds the folder whose files callers name <c>/ImageResize/images/...</c>.</summary>
internal static class ImagesFolder
{
    private const string Mounted = "/ImageResize/images";

    /// <param name="setting">
    /// A path, relative to the application. If it is empty, the repository's <c>images/</c> when run from a clone, otherwise the usual
    /// mount.
    /// </param>
    public static string Find(string setting)
    {
        if (setting.Length > 0)
        {
            return Path.GetFullPath(setting, AppContext.BaseDirectory);
        }

        return RepositoryRoot.Find() is { } root ? Path.Combine(root, "images") : Mounted;
    }
}
