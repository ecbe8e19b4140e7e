namespace ImageResize.Tests.Sources.Folder;

/// <summary>What somebody who can write to the images folder does while the program uses it.</summary>
internal static class FolderSwap
{
    /// <summary>Replaces a folder by a link, and the link by a folder. Fails where the program is faster.</summary>
    /// <param name="away">A new place for the folder.</param>
    public static void Replace(string folder, string target, string away)
    {
        Try(() => Directory.Move(folder, away));
        Try(() => Directory.CreateSymbolicLink(folder, target));
        Try(() => File.Delete(folder));
        Try(() => Directory.Move(away, folder));
    }

    private static void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception missed) when (missed is IOException or UnauthorizedAccessException)
        {
            // The next step still makes sense.
        }
    }
}
