using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;

namespace ImageResize.Core.Storage;

/// <summary>
/// Where thumbnails grow in the images folder before they are renamed into place: <c>resized/.unfinished/</c>. What a dead process left
/// here is no thumbnail.
/// </summary>
internal sealed class UnfinishedFiles(TrustedFolder resized)
{
    private const string Name = ".unfinished";

    public static UnfinishedFiles Under(string imagesRoot) => new(ResizedUnder(imagesRoot));

    public static TrustedFolder ResizedUnder(string imagesRoot) => new(Path.Combine(imagesRoot, "resized"));

    /// <summary>
    /// Writes a file and hands its path to <paramref name="finish"/>, which moves it away; what fails leaves nothing here.
    /// </summary>
    public void Write(ReadOnlySpan<byte> bytes, Action<string> finish)
    {
        using var folder = resized.OpenOrMakeFolder(Name);
        var grown = Path.Combine(folder.PathOfFolder, Guid.NewGuid().ToString("N"));
        try
        {
            using (var file = File.OpenHandle(grown, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, bytes, fileOffset: 0);
            }

            finish(grown);
        }
        catch
        {
            File.Delete(grown);
            throw;
        }
    }

    /// <returns>How many there were.</returns>
    public int RemoveWrittenBefore(DateTimeOffset time)
    {
        if (resized.Look(Name) != PlaceKind.Folder)
        {
            return 0;
        }

        using var folder = resized.OpenFolder(Name);
        var old = new DirectoryInfo(folder.PathOfFolder).GetFiles().Where(file => file.LastWriteTimeUtc < time.UtcDateTime).ToList();
        old.ForEach(file => file.Delete());

        return old.Count;
    }
}
