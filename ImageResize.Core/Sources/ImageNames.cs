namespace ImageResize.Core.Sources;

/// <summary>Decides by its extension whether a file of a folder is listed as an image. The format is detected from the bytes.</summary>
internal static class ImageNames
{
    private static readonly string[] Extensions =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp"];

    /// <param name="name">With or without the folders before it. Hidden files, like the sidecars that macOS writes (<c>._a.jpg</c>), are no
    /// images.</param>
    public static bool IsImage(ReadOnlySpan<char> name)
    {
        if (name[(name.LastIndexOf('/') + 1)..].StartsWith('.'))
        {
            return false;
        }

        foreach (var extension in Extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
