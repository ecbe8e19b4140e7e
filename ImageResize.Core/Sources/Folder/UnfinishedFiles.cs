namespace ImageResize.Core.Sources.Folder;

/// <summary>
/// Files that are being written, in <c>resized/.unfinished/</c> of the images folder. They are moved away when they are complete, so files
/// left by a process that ended are never taken for thumbnails.
/// </summary>
internal sealed class UnfinishedFiles(TrustedFolder resized)
{
    private const string Name = ".unfinished";

    public static UnfinishedFiles Under(string imagesRoot) => new(ResizedUnder(imagesRoot));

    public static TrustedFolder ResizedUnder(string imagesRoot) => new(Path.Combine(imagesRoot, "resized"));

    /// <summary>
    /// Writes a file and passes its path to <paramref name="finish"/>, which moves it away. Leaves no file if one of them fails.
    /// </summary>
    public void Write(ReadOnlySpan<byte> bytes, Action<string> finish)
    {
        using var folder = resized.OpenOrCreateFolder(Name);
        var path = Path.Combine(folder.PathOfFolder, Guid.NewGuid().ToString("N"));
        try
        {
            using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, bytes, fileOffset: 0);
            }

            finish(path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <returns>The number of files removed.</returns>
    public int RemoveWrittenBefore(DateTimeOffset time)
    {
        if (resized.FindKind(Name) != SourceKind.Folder)
        {
            return 0;
        }

        using var folder = resized.OpenFolder(Name);
        var old = new DirectoryInfo(folder.PathOfFolder).GetFiles().Where(file => file.LastWriteTimeUtc < time.UtcDateTime).ToList();
        old.ForEach(file => file.Delete());

        return old.Count;
    }
}
